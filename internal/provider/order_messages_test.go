package provider

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"
)

func TestDescribeOrder(t *testing.T) {
	t.Parallel()
	for want, order := range map[string]orderModel{
		"Order O-1 (idempotency key k)":    {ID: types.StringValue("k"), OrderID: types.StringValue("O-1")},
		"Order O-1":                        {ID: types.StringValue("O-1"), OrderID: types.StringValue("O-1")}, // imported, without a tag
		"The order with idempotency key k": {ID: types.StringValue("k"), OrderID: types.StringNull()},
	} {
		if got := describeOrder(order); got != want {
			t.Errorf("describeOrder() = %q, want %q", got, want)
		}
	}
}
