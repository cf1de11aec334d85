package catalog

import (
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/runa-community/terraform-provider-runa/internal/client"
)

func TestDifferences(t *testing.T) {
	tests := map[string]struct {
		change func(card, plans *client.Product)
		want   Difference
	}{
		"is_orderable": {func(c, _ *client.Product) { c.IsOrderable = false }, Difference{"ACME-US", "is_orderable", "true", "false"}},
		"state":        {func(c, _ *client.Product) { c.State = "GONE" }, Difference{"ACME-US", "state", "LIVE", "GONE"}},
		"currency":     {func(c, _ *client.Product) { c.Currency = "CAD" }, Difference{"ACME-US", "currency", "USD", "CAD"}},
		"countries": {func(c, _ *client.Product) { c.CountriesRedeemableIn = []string{"US"} }, Difference{
			"ACME-US", "countries_redeemable_in", "PR, US", "US",
		}},
		"discount": {func(c, _ *client.Product) { c.DiscountMultiplier = "0.02" }, Difference{"ACME-US", "discount_multiplier", "0.013", "0.02"}},
		"a value more": {func(c, _ *client.Product) {
			c.GiftCard.Denominations.AvailableList = []client.Amount{"100", "10", "25.5", "50"}
		}, Difference{"ACME-US", "denominations", "fixed 10, 25.5, 50, from 10 to 50", "fixed 10, 25.5, 50, 100, from 10 to 50"}},
		"fixed becomes open": {func(c, _ *client.Product) { c.GiftCard.Denominations.Type = "open" }, Difference{
			"ACME-US", "denominations", "fixed 10, 25.5, 50, from 10 to 50", "open from 10 to 50",
		}},
		"no payout": {func(c, _ *client.Product) { c.GiftCard = nil }, Difference{
			"ACME-US", "denominations", "fixed 10, 25.5, 50, from 10 to 50", "",
		}},
		"a plan's price": {func(_, p *client.Product) { p.Subscription.SubscriptionPlans[0].Price = "60" }, Difference{
			"TUNES-ES", "subscription_plans", "TUNES12-ES (12 MONTHS) at 119.88, TUNES6-ES (6 MONTHS) at 59.94",
			"TUNES12-ES (12 MONTHS) at 119.88, TUNES6-ES (6 MONTHS) at 60",
		}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			one, two := card(), plans()
			test.change(&one, &two)
			got := append(Differences(card(), one, BuyersFields), Differences(plans(), two, BuyersFields)...)
			if !reflect.DeepEqual(got, []Difference{test.want}) {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
		})
	}
}

// TestOtherFieldsByChoice: what does not matter to a buyer differs only when asked for.
func TestOtherFieldsByChoice(t *testing.T) {
	changes := map[string]func(*client.Product){
		"name": func(p *client.Product) { p.Name = "X" }, "approval_state": func(p *client.Product) { p.ApprovalState = "X" },
		"payout_type": func(p *client.Product) { p.PayoutType = "X" }, "availability": func(p *client.Product) { p.Availability = "X" },
		"categories":        func(p *client.Product) { p.Categories = nil },
		"customer_service":  func(p *client.Product) { p.CustomerService.PhoneNumber = "2" },
		"assets":            func(p *client.Product) { p.GiftCard.Assets.PrimaryColor = "X" },
		"expiry":            func(p *client.Product) { p.GiftCard.Expiry = nil },
		"redeemable_at":     func(p *client.Product) { p.GiftCard.RedeemableAt = "X" },
		"website_url":       func(p *client.Product) { p.GiftCard.WebsiteURL = "X" },
		"balance_check_url": func(p *client.Product) { p.GiftCard.BalanceCheckURL = "X" },
		"barcode_format":    func(p *client.Product) { p.GiftCard.BarcodeFormat = "X" },
		"e_code_usage_type": func(p *client.Product) { p.GiftCard.ECodeUsageType = "X" },
	}
	for field, change := range changes {
		changed := card()
		change(&changed)
		if got := Differences(card(), changed, BuyersFields); got != nil {
			t.Errorf("%s: Differences() for a buyer = %+v, want none", field, got)
		}
		if got := Differences(card(), changed, Fields()); len(got) != 1 || got[0].Field != field {
			t.Errorf("%s: Differences() = %+v, want one, of this field", field, got)
		}
	}
	if all := len(changes) + len(BuyersFields); all != len(Fields()) {
		t.Errorf("%d fields were tried, want all %d", all, len(Fields()))
	}
	for _, field := range BuyersFields {
		if !slices.Contains(Fields(), field) {
			t.Errorf("Fields() = %v, want %s, a field for buyers, among them", Fields(), field)
		}
	}
	if got := Differences(card(), plans(), []string{"no such field"}); got != nil {
		t.Errorf("Differences() in a field that there is not = %+v, want none", got)
	}
}

// TestTheSameNeverDiffers: neither the order of values nor the way a number is
// written is a difference, in any field.
func TestTheSameNeverDiffers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		product := anyProduct(t)
		if got := Differences(product, respelt(t, product), Fields()); got != nil {
			t.Fatalf("Differences() = %+v, want none", got)
		}
	})
}
