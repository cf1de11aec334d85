package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// Private state is what a provider keeps beside a resource's attributes. The framework
// exports no type for it. An empty value is none.

type privateReader interface {
	GetKey(context.Context, string) ([]byte, diag.Diagnostics)
}

type privateWriter interface {
	SetKey(context.Context, string, []byte) diag.Diagnostics
}
