package sandbox_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// catalogueDigest is the SHA-256 of all 5,000 products' JSON.
const catalogueDigest = "6b260aca15208c3c30b9de75a3811867a43c134adc9f72100ce286440500472e"

// listed is a product as a test reads it: the names are the wire's, written out
// here a second time on purpose.
type listed struct {
	ApprovalState      string   `json:"approval_state"`
	DiscountMultiplier string   `json:"discount_multiplier"`
	Code               string   `json:"code"`
	Name               string   `json:"name"`
	Categories         []string `json:"categories"`
	Countries          []string `json:"countries_redeemable_in"`
	Currency           string   `json:"currency"`
	State              string   `json:"state"`
	PayoutType         string   `json:"payout_type"`
	IsOrderable        bool     `json:"is_orderable"`
	Availability       string   `json:"availability"`
	GiftCard           *struct {
		Denominations struct {
			Type          string   `json:"type"`
			AvailableList []string `json:"available_list"`
			MinimumValue  string   `json:"minimum_value"`
			MaximumValue  string   `json:"maximum_value"`
		} `json:"denominations"`
	} `json:"gift_card"`
	Subscription *struct {
		Plans []struct {
			Price string `json:"price"`
			Code  string `json:"subscription_plan_code"`
		} `json:"subscription_plans"`
	} `json:"subscription"`
	Payment *struct {
		Assets        map[string]*string `json:"assets"`
		Denominations map[string]string  `json:"denominations"`
	} `json:"payment"`
}

// wholeCatalogue pages through everything.
func wholeCatalogue(t *testing.T, r *rig) (all []listed, digest string) {
	t.Helper()
	hash := sha256.New()
	after := ""
	for {
		page := decode[struct {
			Catalog    []json.RawMessage
			Pagination struct{ Cursors struct{ After *string } }
		}](t, r.must(r.get("/v2/product"+after), 200))
		if len(page.Catalog) == 0 {
			return all, hex.EncodeToString(hash.Sum(nil))
		}
		for _, raw := range page.Catalog {
			hash.Write(raw)
			all = append(all, decode[listed](t, string(raw)))
		}
		after = "?after=" + *page.Pagination.Cursors.After
	}
}

// TestCatalogueIsWide demands that everything recorded on the wire occurs.
func TestCatalogueIsWide(t *testing.T) {
	r := start(t, sandbox.Options{Products: 5000})
	all, digest := wholeCatalogue(t, r)
	if len(all) != 5000 {
		t.Errorf("got %d products, want 5000", len(all))
	}
	if !slices.IsSortedFunc(all, func(a, b listed) int { return strings.Compare(a.Code, b.Code) }) {
		t.Error("got products that are not sorted by code, want them sorted")
	}
	seen, codes := map[string]int{}, map[string]bool{}
	for _, p := range all {
		codes[p.Code] = true
		for _, kind := range append(p.Categories, p.Countries...) {
			seen[kind]++
		}
		seen[p.State]++
		seen[p.Currency]++
		seen[p.PayoutType]++
		seen[p.Availability]++
		seen[fmt.Sprintf("%s orderable=%t", p.State, p.IsOrderable)]++
		if strings.HasSuffix(p.Code, "-UK") && slices.Equal(p.Countries, []string{"GB"}) {
			seen["-UK in GB"]++
		}
		checkProduct(t, p, seen)
	}
	if len(codes) != len(all) {
		t.Errorf("got %d different codes, want %d", len(codes), len(all))
	}
	for _, kind := range []string{
		"LIVE orderable=true", "LIVE orderable=false", "TEMPORARILY_DISABLED orderable=false", "TEMPORARILY_DEGRADED orderable=true",
		"gift_card", "subscription", "payment", "realtime", "stocked", "open", "fixed", "open with a list", "-UK in GB",
		"format 0", "format .0", "format .00", "US", "GB", "JP", "SI", "ZA", "USD", "JPY", "COP",
		"beauty-and-lifestyle", "booksellers", "department-stores", "electricals", "entertainment", "experiences",
		"fashion", "food-and-drink", "home-and-diy", "jewellers", "leisure-and-sports", "mens-fashion",
		"prepaid-card", "supermarkets", "toys-and-games", "travel", "womens-fashion",
	} {
		if seen[kind] == 0 {
			t.Errorf("no product has %s, want at least one", kind)
		}
	}
	// Whoever changes the catalogue on purpose writes the new digest here: plans
	// that are pinned to a digest depend on it.
	if digest != catalogueDigest {
		t.Errorf("digest of the catalogue = %s, want %s: it has changed", digest, catalogueDigest)
	}
	countries := decode[struct{ Countries []string }](t, r.must(r.get("/v2/product/countries"), 200)).Countries
	if len(countries) < 40 || !slices.IsSorted(countries) {
		t.Errorf("got countries %v, want at least 40, sorted", countries)
	}
}

// checkProduct checks what must hold for every product.
func checkProduct(t *testing.T, p listed, seen map[string]int) {
	t.Helper()
	bodies := 0
	for _, there := range []bool{p.GiftCard != nil, p.Subscription != nil, p.Payment != nil} {
		if there {
			bodies++
		}
	}
	if bodies != 1 || p.ApprovalState != "APPROVED" || p.Name == "" || len(p.Countries) != 1 ||
		len(p.Categories) < 1 || len(p.Categories) > 9 || len(p.DiscountMultiplier) != len("0.0000") {
		t.Errorf("%s = %+v, want 1 to 9 categories and a discount with four decimals", p.Code, p)
	}
	if p.Payment != nil {
		for name, value := range p.Payment.Assets {
			if value == nil || *value == "" {
				t.Errorf("%s: asset %s = %v, want a text, as at Runa", p.Code, name, value)
			}
		}
	}
	if p.GiftCard == nil {
		return
	}
	d := p.GiftCard.Denominations
	seen[d.Type]++
	for _, amount := range []string{d.MinimumValue, d.MaximumValue} {
		if _, places, _ := strings.Cut(amount, "."); len(places) != 2 {
			t.Errorf("%s: got amount %q, want two decimals", p.Code, amount)
		}
	}
	if d.Type == "open" {
		if d.AvailableList != nil {
			seen["open with a list"]++
		}
		return
	}
	last := decimal.Zero
	for i, amount := range d.AvailableList {
		_, places, _ := strings.Cut(amount, ".")
		seen["format "+map[int]string{0: "0", 1: ".0", 2: ".00"}[len(places)]]++
		value := decimal.RequireFromString(amount)
		if !value.GreaterThan(last) {
			t.Errorf("%s: got list %v, want it ascending", p.Code, d.AvailableList)
		}
		if last = value; i == 0 && value.StringFixed(2) != d.MinimumValue {
			t.Errorf("%s: got minimum %s, want the first of %v", p.Code, d.MinimumValue, d.AvailableList)
		}
	}
	if last.StringFixed(2) != d.MaximumValue {
		t.Errorf("%s: got maximum %s, want the last of %v", p.Code, d.MaximumValue, d.AvailableList)
	}
}

// TestKnownProducts demands the products that examples rely on, in the smallest of
// catalogues.
func TestKnownProducts(t *testing.T) {
	r := start(t, sandbox.Options{Products: 1})
	for code, want := range map[string]string{
		"ACME-US":        "US USD true LIVE fixed [10 25 50.00 100] 10.00-100.00",
		"BOLT-US":        "US USD true LIVE open [] 5.00-500.00",
		"TEA-GB":         "GB GBP true LIVE open [] 1.00-250.00",
		"SHOE-GB":        "GB GBP true LIVE fixed [10 20 50.00 75.5] 10.00-75.50",
		"CAFE-DE":        "DE EUR true LIVE open [] 5.00-200.00",
		"BUCH-DE":        "DE EUR true LIVE fixed [10 15 25.00] 10.00-25.00",
		"MAPLE-CA":       "CA CAD true LIVE open [] 5.00-500.00",
		"SUSHI-JP":       "JP JPY true LIVE open [] 500.00-50000.00",
		"GONE-US":        "US USD false TEMPORARILY_DISABLED open [] 5.00-100.00",
		"HINT-US":        "US USD true LIVE open [25 50.00 75.5] 10.00-100.00",
		"VISARL-USD":     "US USD true LIVE open [] 5.00-1000.00",
		"VISASL-3M-USD":  "US USD true LIVE open [] 5.00-1000.00",
		"VISASL-6M-USD":  "US USD true LIVE open [] 5.00-1000.00",
		"VISASL-12M-USD": "US USD true LIVE open [] 5.00-1000.00",
	} {
		p := decode[listed](t, r.must(r.get("/v2/product/"+code), 200))
		d := p.GiftCard.Denominations
		got := fmt.Sprintf("%s %s %t %s %s %v %s-%s", p.Countries[0], p.Currency, p.IsOrderable, p.State, d.Type, d.AvailableList, d.MinimumValue, d.MaximumValue)
		if got != want {
			t.Errorf("%s: %s, want %s", code, got, want)
		}
	}
	payment := decode[listed](t, r.must(r.get("/v2/product/P2C-US"), 200))
	if d := payment.Payment.Denominations; d["minimum_value"] != "5.00" || d["maximum_value"] != "250.00" || len(d) != 2 {
		t.Errorf("P2C-US: got denominations %v, want 5.00 to 250.00 and nothing else", d)
	}
	plans := decode[listed](t, r.must(r.get("/v2/product/TUNES-ES"), 200)).Subscription.Plans
	if got := fmt.Sprint(plans); got != "[{59.94 TUNES6-ES} {119.88 TUNES12-ES}]" {
		t.Errorf("TUNES-ES: got plans %s, want those of 6 and 12 months", got)
	}
}
