package provider

import "github.com/runa-community/terraform-provider-runa/internal/client"

// requestOf ends a message about an answer of Runa's with the answer's id. It is empty
// for an error without one.
func requestOf(err error) string { return requestLine(client.RequestID(err)) }

func requestLine(id string) string {
	if id == "" {
		return ""
	}
	return "\n\nRequest id: " + id + "\nRuna's support asks for it."
}
