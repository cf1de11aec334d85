package catalogue

import "strings"

// knownProducts are the products that examples and tests rely on, whatever the
// size of the catalogue: brands that nobody owns, and Runa's special ones (6.4).
func knownProducts() []*Product {
	acme := knownCard("ACME-US", "Acme", "US", listOf("10", "25", "50.00", "100"), "fashion", "mens-fashion")
	acme.DiscountMultiplier = "0.0130"

	gone := knownCard("GONE-US", "Gone", "US", rangeOf("5.00", "100.00"), "electricals")
	gone.State, gone.IsOrderable = stateDisabled, false

	// A list on an open product is only a suggestion (6.1).
	hint := knownCard("HINT-US", "Hint", "US", rangeOf("10.00", "100.00"), "toys-and-games")
	hint.GiftCard.Denominations.AvailableList = []string{"25", "50.00", "75.5"}

	known := []*Product{
		acme, gone, hint,
		knownCard("BOLT-US", "Bolt", "US", rangeOf("5.00", "500.00"), "electricals", "home-and-diy"),
		knownCard("TEA-GB", "Tea House", "GB", rangeOf("1.00", "250.00"), "food-and-drink"),
		knownCard("SHOE-GB", "Shoe Tree", "GB", listOf("10", "20", "50.00", "75.5"), "fashion", "womens-fashion"),
		knownCard("CAFE-DE", "Café Morgen", "DE", rangeOf("5.00", "200.00"), "food-and-drink"),
		knownCard("BUCH-DE", "Buchwinkel", "DE", listOf("10", "15", "25.00"), "booksellers"),
		knownCard("MAPLE-CA", "Maple & Co", "CA", rangeOf("5.00", "500.00"), "department-stores"),
		knownCard("SUSHI-JP", "Sushi Kaze", "JP", rangeOf("500.00", "50000.00"), "food-and-drink", "experiences"),
		knownSubscription(),
		knownPayment(),
	}
	for _, visa := range []struct{ code, name string }{
		{"VISARL-USD", "Prepaid Visa, reloadable"},
		{"VISASL-3M-USD", "Prepaid Visa, 3 months"},
		{"VISASL-6M-USD", "Prepaid Visa, 6 months"},
		{"VISASL-12M-USD", "Prepaid Visa, 12 months"},
	} {
		p := knownCard(visa.code, visa.name, "US", rangeOf("5.00", "1000.00"), "prepaid-card")
		p.GiftCard.BarcodeFormat, p.GiftCard.ECodeUsageType = nil, "url-only"
		known = append(known, p)
	}
	return known
}

// knownCard is a gift card that is for sale.
func knownCard(code, name, in string, amounts denominations, categories ...string) *Product {
	p := knownBase(code, name, in, categories...)
	p.PayoutType = PayoutGiftCard
	p.GiftCard = &giftCard{
		BarcodeFormat:  new("code-128"),
		ECodeUsageType: "url-recommended",
		Denominations:  amounts,
		card:           knownDesign(p, in),
	}
	return p
}

// knownSubscription is a subscription with two plans: what is ordered is a plan's
// code, and neither is the product's (3.1).
func knownSubscription() *Product {
	p := knownBase("TUNES-ES", "Tunes", "ES", "entertainment")
	p.PayoutType = payoutSubscription
	p.Subscription = &subscription{
		ECodeUsageType: "url-only",
		Plans: []Plan{
			{"Subscription 6 months", "MONTHS", 6, "59.94", "TUNES6-ES"},
			{"Subscription 12 months", "MONTHS", 12, "119.88", "TUNES12-ES"},
		},
		card: knownDesign(p, "ES"),
	}
	return p
}

// knownPayment is push-to-card (P2C, 6.4).
func knownPayment() *Product {
	p := knownBase("P2C-US", "Push to Card", "US", "prepaid-card")
	p.PayoutType = PayoutPayment
	p.Payment = &payment{
		Assets:        paymentAssets{"https://cdn.example/p2c.png", "#112233"},
		Denominations: amountRange{"5.00", "250.00"},
		Content:       contentResources{code: p.Code, name: p.Name, locale: "en_US", sparse: true},
	}
	return p
}

// knownBase is what all products have.
func knownBase(code, name, in string, categories ...string) *Product {
	return &Product{
		ApprovalState:      "APPROVED",
		DiscountMultiplier: "0.0000",
		Code:               code,
		Name:               name,
		Categories:         categories,
		Countries:          []string{in},
		Currency:           countryOf(in).currency,
		CustomerService:    customerService{WebsiteURL: new(website(code))},
		State:              stateLive,
		IsOrderable:        true,
		Availability:       "realtime",
	}
}

// knownDesign is how a card looks and reads.
func knownDesign(p *Product, in string) card {
	return card{
		RedeemableAt: "online",
		WebsiteURL:   new(website(p.Code)),
		Assets:       cardAssets{CardImageURL: new(cardImage(p.Code)), PrimaryColor: new("#FFFFFF")},
		Expiry:       expiry{new("Does not expire"), 0, "indefinite"},
		Content:      contentResources{code: p.Code, name: p.Name, locale: countryOf(in).locale, sparse: true},
	}
}

// website is a brand's website, under a domain that nobody can own.
func website(code string) string {
	brand, _, _ := strings.Cut(code, "-")
	return "https://" + strings.ToLower(brand) + ".example"
}

// cardImage is where a card's picture would be.
func cardImage(code string) string {
	return "https://gift.runa.io/static/product_assets/" + code + "/" + code + "-card.png"
}

// The states of a product (6.1).
const (
	stateLive     = "LIVE"
	stateDisabled = "TEMPORARILY_DISABLED"
	stateDegraded = "TEMPORARILY_DEGRADED"
)
