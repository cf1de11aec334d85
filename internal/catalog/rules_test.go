package catalog

import (
	"slices"
	"testing"
)

func TestCodes(t *testing.T) {
	order := Order{Items: []Item{
		{Codes: []string{"TEA-GB"}},
		{}, // a template's products are not known
		{Codes: []string{"ACME-US", "", "TEA-GB"}, Choice: true},
	}}
	if codes, want := order.Codes(), []string{"TEA-GB", "ACME-US", "", "TEA-GB"}; !slices.Equal(codes, want) {
		t.Errorf("codes %q, want %q", codes, want)
	}
	if codes := (Order{}).Codes(); len(codes) > 0 {
		t.Errorf("Codes() of an order without items = %q, want none", codes)
	}
}
