package catalog

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/runa-community/terraform-provider-runa/internal/client"
)

// card and plans have every field that goes into a digest, and fields that do not.
func card() client.Product {
	return client.Product{
		Code: "ACME-US", Name: "Acme", Currency: "USD", State: "LIVE", PayoutType: "gift_card", IsOrderable: true,
		ApprovalState: "APPROVED", Availability: "realtime", Categories: []string{"fashion", "travel"},
		CountriesRedeemableIn: []string{"US", "PR"}, DiscountMultiplier: "0.0130",
		CustomerService: client.CustomerService{PhoneNumber: "1", WebsiteURL: "https://acme.example"},
		GiftCard: &client.Payout{
			Denominations: &client.Denominations{
				Type: "fixed", MinimumValue: "10.00", MaximumValue: "50.00", AvailableList: []client.Amount{"10", "25.5", "50.00"},
			},
			WebsiteURL: "https://acme.example", Expiry: &client.Expiry{Type: "indefinite"},
		},
	}
}

func plans() client.Product {
	return client.Product{
		Code: "TUNES-ES", Currency: "EUR", State: "LIVE", PayoutType: "subscription", IsOrderable: true,
		Subscription: &client.Payout{SubscriptionPlans: []client.SubscriptionPlan{
			{Name: "Six months", LengthUnit: "MONTHS", Length: 6, Price: "59.94", Code: "TUNES6-ES"},
			{Name: "A year", LengthUnit: "MONTHS", Length: 12, Price: "119.88", Code: "TUNES12-ES"},
		}},
	}
}

// TestDigestIsPinned: users keep digests. One that changes here changes for them,
// which needs a new digestVersion and a word in the changelog.
func TestDigestIsPinned(t *testing.T) {
	for name, test := range map[string]struct {
		products []client.Product
		want     string
	}{
		"two products": {[]client.Product{card(), plans()}, "8d15b708cb6bade2e85555bf02cf9eba9f2b31b51bce6e99dd86f85f1b6cdbbb"},
		"none":         {nil, "95a2d60879d2f93b181f270434f8b460ddf602d2f334e38bdf07cd91a9c26844"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := Digest(test.products); got != test.want {
				t.Errorf("Digest() = %s, want %s", got, test.want)
			}
		})
	}
}

func TestDigestNoticesWhatMatters(t *testing.T) {
	changes := map[string]func(card, plans *client.Product){
		"code":          func(c, _ *client.Product) { c.Code = "BOLT-US" },
		"currency":      func(c, _ *client.Product) { c.Currency = "CAD" },
		"is_orderable":  func(c, _ *client.Product) { c.IsOrderable = false },
		"state":         func(c, _ *client.Product) { c.State = "TEMPORARILY_DISABLED" },
		"payout_type":   func(c, _ *client.Product) { c.PayoutType = "payment" },
		"discount":      func(c, _ *client.Product) { c.DiscountMultiplier = "0.0131" },
		"no discount":   func(c, _ *client.Product) { c.DiscountMultiplier = "" },
		"a country":     func(c, _ *client.Product) { c.CountriesRedeemableIn = []string{"US"} },
		"type":          func(c, _ *client.Product) { c.GiftCard.Denominations.Type = "open" },
		"minimum":       func(c, _ *client.Product) { c.GiftCard.Denominations.MinimumValue = "5.00" },
		"maximum":       func(c, _ *client.Product) { c.GiftCard.Denominations.MaximumValue = "51" },
		"list":          func(c, _ *client.Product) { c.GiftCard.Denominations.AvailableList = []client.Amount{"10", "50"} },
		"no list":       func(c, _ *client.Product) { c.GiftCard.Denominations = nil },
		"no payout":     func(c, _ *client.Product) { c.GiftCard = nil },
		"plan's code":   func(_, p *client.Product) { p.Subscription.SubscriptionPlans[0].Code = "TUNES7-ES" },
		"plan's unit":   func(_, p *client.Product) { p.Subscription.SubscriptionPlans[0].LengthUnit = "DAYS" },
		"plan's length": func(_, p *client.Product) { p.Subscription.SubscriptionPlans[0].Length = 7 },
		"plan's price":  func(_, p *client.Product) { p.Subscription.SubscriptionPlans[0].Price = "60" },
		"one plan less": func(_, p *client.Product) {
			p.Subscription.SubscriptionPlans = p.Subscription.SubscriptionPlans[1:]
		},
	}
	before := Digest([]client.Product{card(), plans()})
	seen := map[string]string{before: "no change"}
	for name, change := range changes {
		c, p := card(), plans()
		change(&c, &p)
		got := Digest([]client.Product{c, p})
		if other, same := seen[got]; same {
			t.Errorf("%s: digest %s, as with %s, want another one", name, got, other)
		}
		seen[got] = name
	}
	if got := Digest([]client.Product{card()}); got == before {
		t.Errorf("Digest() with a product less = %s, want another one", got)
	}
}

func TestDigestOverlooksWhatDoesNot(t *testing.T) {
	changes := map[string]func(card, plans *client.Product){
		"name":             func(c, _ *client.Product) { c.Name = "Acme Inc." },
		"categories":       func(c, _ *client.Product) { c.Categories = nil },
		"customer service": func(c, _ *client.Product) { c.CustomerService = client.CustomerService{} },
		"availability":     func(c, _ *client.Product) { c.Availability = "stocked" },
		"approval state":   func(c, _ *client.Product) { c.ApprovalState = "" },
		"addresses":        func(c, _ *client.Product) { c.GiftCard.WebsiteURL = "" },
		"expiry":           func(c, _ *client.Product) { c.GiftCard.Expiry = nil },
		"plan's name":      func(_, p *client.Product) { p.Subscription.SubscriptionPlans[0].Name = "Half a year" },
		"discount, spelt":  func(c, _ *client.Product) { c.DiscountMultiplier = "0.013" },
		"minimum, spelt":   func(c, _ *client.Product) { c.GiftCard.Denominations.MinimumValue = "10" },
		"list, spelt": func(c, _ *client.Product) {
			c.GiftCard.Denominations.AvailableList = []client.Amount{"50", "10.00", "25.50", "10"}
		},
		"countries, twice": func(c, _ *client.Product) { c.CountriesRedeemableIn = []string{"PR", "US", "PR"} },
	}
	before := Digest([]client.Product{card(), plans()})
	for name, change := range changes {
		t.Run(name, func(t *testing.T) {
			c, p := card(), plans()
			change(&c, &p)
			if got := Digest([]client.Product{c, p}); got != before {
				t.Errorf("Digest() = %s, want %s, as before", got, before)
			}
		})
	}
}

// TestDigestOfAnyOrder shuffles everything that has no order of its own, repeats
// products, and writes every number in another way.
func TestDigestOfAnyOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		products := rapid.SliceOfN(rapid.Custom(anyProduct), 0, 8).Draw(t, "products")
		before := Digest(products)

		again := append([]client.Product{}, products...)
		if len(products) > 0 {
			again = append(again, rapid.SampledFrom(products).Draw(t, "twice"))
		}
		again = shuffle(t, again)
		for i, product := range again {
			again[i] = respelt(t, product)
		}
		if after := Digest(again); after != before {
			t.Fatalf("Digest() = %s, want %s, as before\nof   %+v\nwas  %+v", after, before, again, products)
		}
	})
}

// TestDigestTellsSelectionsApart leaves one product out of a selection of different ones.
func TestDigestTellsSelectionsApart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		byCode := func(p client.Product) string { return p.Code }
		products := rapid.SliceOfNDistinct(rapid.Custom(anyProduct), 1, 8, byCode).Draw(t, "products")
		without := rapid.IntRange(0, len(products)-1).Draw(t, "without")
		if whole, part := Digest(products), Digest(slices.Delete(slices.Clone(products), without, without+1)); whole == part {
			t.Fatalf("Digest() with a product less = %s, want another one", part)
		}
	})
}

func anyProduct(t *rapid.T) client.Product {
	amount := rapid.Map(rapid.StringMatching(`[1-9][0-9]{0,3}(\.[0-9]{1,4})?`), func(text string) client.Amount { return client.Amount(text) })
	amounts := rapid.SliceOfN(amount, 0, 5)
	payout := &client.Payout{}
	if rapid.Bool().Draw(t, "denominations") {
		payout.Denominations = &client.Denominations{
			Type: rapid.SampledFrom([]string{"open", "fixed", ""}).Draw(t, "type"), AvailableList: amounts.Draw(t, "list"),
			MinimumValue: amount.Draw(t, "minimum"), MaximumValue: amount.Draw(t, "maximum"),
		}
	}
	for _, price := range amounts.Draw(t, "prices") {
		payout.SubscriptionPlans = append(payout.SubscriptionPlans, client.SubscriptionPlan{Code: "P" + string(price), Price: price})
	}
	product := client.Product{
		Code: rapid.StringN(1, 8, 40).Draw(t, "code"), Currency: "USD", DiscountMultiplier: amount.Draw(t, "discount"),
		CountriesRedeemableIn: rapid.SliceOfN(rapid.StringMatching(`[A-Z]{2}`), 0, 4).Draw(t, "countries"),
	}
	switch rapid.IntRange(0, 3).Draw(t, "payout") {
	case 0:
		product.GiftCard = payout
	case 1:
		product.Subscription = payout
	case 2:
		product.Payment = payout
	}
	return product
}

// respelt is the same product as Runa could send it another day.
func respelt(t *rapid.T, p client.Product) client.Product {
	p.CountriesRedeemableIn = shuffle(t, p.CountriesRedeemableIn)
	p.DiscountMultiplier = padded(p.DiscountMultiplier)
	for _, at := range []**client.Payout{&p.GiftCard, &p.Subscription, &p.Payment} {
		if *at == nil {
			continue
		}
		payout := **at
		if d := payout.Denominations; d != nil {
			list := shuffle(t, d.AvailableList)
			for i := range list {
				list[i] = padded(list[i])
			}
			payout.Denominations = &client.Denominations{
				Type: d.Type, MinimumValue: padded(d.MinimumValue), MaximumValue: padded(d.MaximumValue), AvailableList: list,
			}
		}
		payout.SubscriptionPlans = shuffle(t, payout.SubscriptionPlans)
		for i := range payout.SubscriptionPlans {
			payout.SubscriptionPlans[i].Price = padded(payout.SubscriptionPlans[i].Price)
		}
		*at = &payout
	}
	return p
}

// padded writes the same number with other digits: 10.5 as 10.50000.
func padded(amount client.Amount) client.Amount {
	return client.Amount(amount.Decimal().StringFixed(5))
}

func shuffle[T any](t *rapid.T, values []T) []T {
	if len(values) == 0 {
		return values
	}
	return rapid.Permutation(slices.Clone(values)).Draw(t, "order")
}
