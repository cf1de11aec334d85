package sandbox

import "net/http"

// apiError is the body of every error but one (ERR, 5.1).
type apiError struct {
	Type    string   `json:"type"`
	Message string   `json:"message"`
	Help    *string  `json:"help"`
	Details []detail `json:"details,omitempty"`
}

// refuse is an error in Runa's usual shape; without help that member is null.
func refuse(status int, kind, message, help string) answer {
	body := apiError{Type: kind, Message: message}
	if help != "" {
		body.Help = &help
	}
	return reply(status, body)
}

// rateExceeded is the one error with a shape of its own (SPEC, 5.1).
func rateExceeded() answer {
	return answer{status: http.StatusTooManyRequests, body: []byte(`{"error":"rate exceeded"}`)}
}

// usual is what Runa is likely to say with a status (5.2): the body of faults that
// bring none. Statuses that its documentation does not know get the nearest type.
func usual(status int) answer {
	switch status {
	case http.StatusTooManyRequests:
		return rateExceeded()
	case http.StatusUnprocessableEntity:
		return invalid([]detail{{Type: "value_error", Message: "A fault of the sandbox", Location: []string{"body"}}})
	}
	kind, ok := usualTypes[status]
	switch {
	case ok:
	case status < 400:
		return answer{status: status, body: []byte(`{}`)}
	case status < 500:
		kind = "bad_request"
	default:
		kind = "internal_server_error"
	}
	return refuse(status, kind, http.StatusText(status)+": a fault of the sandbox.", "")
}

var usualTypes = map[int]string{
	http.StatusUnauthorized:   "unauthorized",
	http.StatusForbidden:      "forbidden",
	http.StatusNotFound:       "not_found",
	http.StatusConflict:       "idempotency_in_progress",
	http.StatusGone:           "version_removed",
	http.StatusGatewayTimeout: "timeout",
}
