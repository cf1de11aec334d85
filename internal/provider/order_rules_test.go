package provider

import (
	"fmt"
	"maps"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

func choice(codes ...any) attrs { return attrs{"type": "MULTIPLE", "values": codes} }

func product(code any) attrs { return attrs{"type": "SINGLE", "value": code} }

func paid(currency string, changes attrs) attrs {
	config := plain(changes)
	config["payment_method"] = attrs{"type": "ACCOUNT_BALANCE", "currency": currency}
	return config
}

// finding is one expected diagnostic.
type finding struct{ path, says string }

// TestPlansKnowTheCatalogue shows that what Runa would refuse is refused at plan,
// at its place.
func TestPlansKnowTheCatalogue(t *testing.T) {
	at := func(i int) string { return fmt.Sprintf(`AttributeName("items").ElementKeyInt(%d).`, i) }
	value := at(0) + `AttributeName("products").AttributeName("value")`
	values := func(i int) string {
		return at(0) + fmt.Sprintf(`AttributeName("products").AttributeName("values").ElementKeyInt(%d)`, i)
	}
	face := at(0) + `AttributeName("face_value")`
	delivery := at(0) + `AttributeName("distribution_method").AttributeName("type")`
	mode, currency := `AttributeName("execution_mode")`, `AttributeName("payment_method").AttributeName("currency")`
	recipient := attrs{"type": "RECIPIENT", "email_address": ana, "recipient_reference": "x"}

	tests := map[string]struct {
		config attrs
		want   []finding
	}{
		"unknown product":              {items(item(nil, product("NOPE-US"), "25")), []finding{{value, `no product or subscription plan "NOPE-US"`}}},
		"product in small letters":     {items(item(nil, product("acme-us"), "25")), []finding{{value, "Did you mean ACME-US (Acme)"}}},
		"product with a slip":          {items(item(nil, product("AMCE-US"), "25")), []finding{{value, "ACME-US"}}},
		"product of another country":   {items(item(nil, product("ACME-GB"), "25")), []finding{{value, "ACME-US"}}},
		"product made of dots":         {items(item(nil, product(".."), "25")), []finding{{value, "no product"}}},
		"product not sold":             {items(item(nil, product("GONE-US"), "25")), []finding{{value, "TEMPORARILY_DISABLED"}}},
		"value not in the list":        {items(item(nil, product("ACME-US"), "30")), []finding{{face, "sold for 10, 25, 50, 100 USD only, not for 30"}}},
		"value between list entries":   {paid("GBP", attrs{"items": []any{item(nil, product("SHOE-GB"), "75")}}), []finding{{face, "75.5 GBP only"}}},
		"value below the range":        {items(item(nil, product("BOLT-US"), "4.99")), []finding{{face, "5.00 to 500.00 USD, not for 4.99"}}},
		"value above the range":        {items(item(nil, product("BOLT-US"), "500.01")), []finding{{face, "not for 500.01"}}},
		"payment below its range":      {items(item(recipient, product("P2C-US"), "4")), []finding{{face, "5.00 to 250.00"}}},
		"subscription by its code":     {paid("EUR", attrs{"items": []any{item(nil, product("TUNES-ES"), "59.94")}}), []finding{{value, "TUNES6-ES"}}},
		"subscription at a wrong sum":  {paid("EUR", attrs{"items": []any{item(nil, product("TUNES6-ES"), "60")}}), []finding{{face, "costs 59.94 EUR"}}},
		"gift card to a recipient":     {items(item(recipient, product("ACME-US"), "25")), []finding{{delivery, "payment products"}}},
		"unreloadable card, recipient": {items(item(recipient, product("VISASL-3M-USD"), "25")), []finding{{delivery, "reloadable"}}},
		"two currencies": {
			items(item(nil, product("ACME-US"), "25"), item(nil, product("TEA-GB"), "25")),
			[]finding{{at(1) + `AttributeName("products").AttributeName("value")`, "TEA-GB is in GBP, and ACME-US"}},
		},
		"two currencies in a choice": {items(item(nil, choice("ACME-US", "TEA-GB"), "25")), []finding{{values(1), "share a currency"}}},
		"two countries": {
			paid("EUR", attrs{"items": []any{item(nil, product("CAFE-DE"), "25"), item(nil, product("TUNES6-ES"), "59.94")}}),
			[]finding{{at(1) + `AttributeName("products").AttributeName("value")`, "TUNES6-ES is for ES, and the products before it in this order are for DE"}},
		},
		"choice with an unknown product": {items(item(nil, choice("ACME-US", "NOPE-US"), "25")), []finding{{values(1), "NOPE-US"}}},
		"choice with a dead product":     {items(item(nil, choice("GONE-US", "ACME-US"), "25")), []finding{{values(0), "cannot be ordered"}}},
		"choice that nothing fits":       {items(item(nil, choice("ACME-US", "BOLT-US"), "600")), []finding{{face, "fits no product"}}},
		"exchange in async":              {paid("EUR", nil), []finding{{mode, `Set execution_mode = "sync", or pay in USD`}}},
		"exchange of two items": {
			paid("EUR", attrs{"items": []any{item(nil, nil, "25"), item(nil, nil, "25")}}),
			[]finding{{mode, "sync"}, {`AttributeName("items")`, "exactly one item, and this order has 2"}},
		},
		"paid in what is never held": {paid("KRW", attrs{"execution_mode": "sync"}), []finding{{currency, "no balances in KRW"}}},
		"seven mistakes in one": {
			paid("EUR", attrs{"items": []any{
				item(nil, product("NOPE-US"), "25"), item(nil, product("GONE-US"), "25"), item(nil, product("ACME-US"), "30"),
				item(nil, product("BOLT-US"), "1"), item(recipient, product("ACME-US"), "25"), item(nil, choice("ACME-US", "NADA-US"), "25"),
			}}),
			[]finding{
				{at(0) + `AttributeName("products").AttributeName("value")`, "NOPE-US"},
				{at(1) + `AttributeName("products").AttributeName("value")`, "cannot be ordered"},
				{at(2) + `AttributeName("face_value")`, "not for 30"},
				{at(3) + `AttributeName("face_value")`, "not for 1."},
				{at(4) + `AttributeName("distribution_method").AttributeName("type")`, "payment products"},
				{at(5) + `AttributeName("products").AttributeName("values").ElementKeyInt(1)`, "NADA-US"},
				{mode, "exchange"},
			},
		},
	}
	sb := newSandbox(t, quick)
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, _ := newCore(t, sb, nil).plan(test.config)
			for _, want := range test.want {
				found := false
				for _, line := range strings.Split(got.errors(), "\nAttr") {
					line = strings.TrimPrefix(line, "Attr")
					found = found || strings.HasPrefix("Attr"+line, want.path+": ") && strings.Contains(line, want.says)
				}
				if !found {
					t.Errorf("no error at %s says %q, want one among:\n%s", want.path, want.says, got.errors())
				}
			}
			if strings.Contains(got.errors(), "example.test") {
				t.Errorf("errors %q, want no e-mail address in them", got.errors())
			}
		})
	}
	if posts := sb.requests(http.MethodPost, "/order"); posts != 0 {
		t.Errorf("planning sent %d orders, want none", posts)
	}
}

func TestPlansWarn(t *testing.T) {
	tests := map[string]struct {
		config attrs
		says   string
	}{
		"products that drop out":   {items(item(nil, choice("ACME-US", "BOLT-US"), "30")), "ACME-US (Acme) is sold for 10, 25, 50, 100 USD only"},
		"spend rules for no visa":  {items(item(nil, attrs{"type": "SINGLE", "value": "ACME-US", "usage_config": attrs{"spend_rules_template_id": "PSR-01HPAAAAAAAAAAAAAAAAAAAAAA"}}, "25")), "not a prepaid Visa card"},
		"version nobody knows yet": {plain(nil), ""},
	}
	sb := newSandbox(t, quick)
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, _ := newCore(t, sb, nil).plan(test.config)
			if got.errors() != "" || !strings.Contains(got.warnings(), test.says) {
				t.Errorf("errors %q, warnings %q, want a warning that says %q", got.errors(), got.warnings(), test.says)
			}
		})
	}
}

// TestRightOrdersPass shows that the catalogue's rules refuse nothing that Runa sells.
func TestRightOrdersPass(t *testing.T) {
	recipient := attrs{"type": "RECIPIENT", "email_address": ana, "recipient_reference": "x"}
	tests := map[string]attrs{
		"list entry":                  items(item(nil, product("ACME-US"), "10")),
		"list entry written 50.00":    items(item(nil, product("ACME-US"), "50")),
		"list entry with decimals":    paid("GBP", attrs{"items": []any{item(nil, product("SHOE-GB"), "75.50")}}),
		"lower end of the range":      items(item(nil, product("BOLT-US"), "5")),
		"upper end of the range":      items(item(nil, product("BOLT-US"), "500")),
		"open with a suggestion list": items(item(nil, product("HINT-US"), "33.33")),
		"yen":                         paid("JPY", attrs{"items": []any{item(nil, product("SUSHI-JP"), "1500")}}),
		"subscription plan":           paid("EUR", attrs{"items": []any{item(nil, product("TUNES6-ES"), "59.94")}}),
		"payment":                     items(item(recipient, product("P2C-US"), "20")),
		"reloadable card":             items(item(recipient, product("VISARL-USD"), "20")),
		"prepaid card with rules":     items(item(nil, attrs{"type": "SINGLE", "value": "VISASL-3M-USD", "usage_config": attrs{"spend_rules_template_id": "PSR-01HPAAAAAAAAAAAAAAAAAAAAAA"}}, "40")),
		"choice":                      items(item(nil, choice("ACME-US", "BOLT-US"), "25")),
		"template":                    items(item(nil, attrs{"type": "TEMPLATE", "template_id": "PT-01HQ12PV4B8XMBRTK281JM54KK"}, "50")),
		"exchange":                    paid("EUR", attrs{"execution_mode": "sync"}),
		"exchange into yen":           paid("USD", attrs{"execution_mode": "sync", "items": []any{item(nil, product("SUSHI-JP"), "1500")}}),
		"many of one country":         items(item(nil, nil, "25"), item(nil, product("BOLT-US"), "7"), item(nil, choice("ACME-US", "BOLT-US"), "50")),
		"another euro country":        paid("EUR", attrs{"items": []any{item(nil, product("CAFE-DE"), "5"), item(nil, product("BUCH-DE"), "25")}}),
		"Canada":                      paid("CAD", attrs{"items": []any{item(nil, product("MAPLE-CA"), "20")}}),
		"same product thrice":         items(item(nil, nil, "25"), item(nil, nil, "25"), item(nil, nil, "10")),
		"e-mail and link":             items(item(attrs{"type": "EMAIL", "email_address": ana}, nil, "25"), item(nil, nil, "25")),
		"unknown code":                items(item(nil, product(unknown), "25")),
		"unknown value":               items(item(nil, nil, unknown)),
		"unknown codes of a choice":   items(item(nil, choice("ACME-US", unknown), "9999")),
		"unknown currency":            plain(attrs{"payment_method": attrs{"type": "ACCOUNT_BALANCE", "currency": unknown}}),
		"unknown mode":                paid("EUR", attrs{"execution_mode": unknown}),
		"unknown items":               plain(attrs{"items": unknown}),
	}
	sb := newSandbox(t, quick)
	for name, config := range tests {
		t.Run(name, func(t *testing.T) {
			if got, _ := newCore(t, sb, nil).plan(config); len(got.diags) > 0 {
				t.Errorf("errors %q, warnings %q, want none", got.errors(), got.warnings())
			}
		})
	}
}

// TestPlansReadLittle shows what a large campaign costs Runa.
func TestPlansReadLittle(t *testing.T) {
	sb := newSandbox(t, quick)
	codes := []string{"ACME-US", "BOLT-US", "HINT-US", "VISASL-3M-USD", "VISASL-6M-USD", "VISASL-12M-USD", "VISARL-USD", "P2C-US"}
	campaign := newCore(t, sb, nil)
	for i := range 500 {
		one := campaign.another()
		got, _ := one.plan(plain(attrs{"idempotency_key": fmt.Sprint(i), "items": []any{item(nil, product(codes[i%len(codes)]), "50")}}))
		if got.errors() != "" {
			t.Fatal(got.errors())
		}
	}
	if reads := sb.requests("", ""); reads > len(codes) {
		t.Errorf("500 orders of %d products cost %d reads, want one for each product at most", len(codes), reads)
	}

	bought := newCore(t, sb, nil)
	bought.apply(plain(nil))
	before := len(sb.Journal())
	bought.plan(plain(nil))
	if reads := len(sb.Journal()) - before; reads != 1 {
		t.Errorf("planning a bought order cost %d requests, want its own refresh only", reads)
	}
}

func TestCatalogueOutOfReach(t *testing.T) {
	sb := newSandbox(t, quick)
	if err := sb.AddFault(sandbox.Fault{Method: http.MethodGet, Action: sandbox.ActionStatus, Status: 410}); err != nil {
		t.Fatal(err)
	}
	c := newCore(t, sb, nil)
	for i, want := range []int{1, 0} {
		one := c.another()
		got, _ := one.plan(plain(attrs{"idempotency_key": fmt.Sprint(i)}))
		if got.errors() != "" || strings.Count(got.warnings(), "not checked against the catalogue") != want {
			t.Errorf("order %d: errors %q, warnings %q, want no errors, and %d that says %q", i, got.errors(), got.warnings(), want, "not checked against the catalogue")
		}
	}

	off := newCore(t, sb, attrs{"validate_catalog": false})
	if got, _ := off.plan(plain(nil)); len(got.diags) > 0 {
		t.Errorf("with validate_catalog = false: errors %q, warnings %q, want none", got.errors(), got.warnings())
	}
}

func TestOneKeyForTwoOrders(t *testing.T) {
	sb := newSandbox(t, quick)
	c := newCore(t, sb, nil)
	config := plain(attrs{"idempotency_key": "k"})
	first, second := c.another(), c.another()
	if got, _ := first.plan(config); len(got.diags) > 0 {
		t.Fatal(got.errors())
	}
	got, _ := second.plan(config)
	if !strings.Contains(got.errors(), `AttributeName("idempotency_key"): Two orders have the same idempotency key: The idempotency key k is used twice`) {
		t.Errorf("errors %q, want one that says that the idempotency key k is used twice", got.errors())
	}

	c.apply(config)
	c.restart(nil, nil)
	there, fresh := c.another(), c.another()
	fresh.state, fresh.private = nil, nil
	there.plan(config)
	other := plain(attrs{"idempotency_key": "k", "description": "another"})
	if got, _ := fresh.plan(other); !strings.Contains(got.errors(), "Two orders have the same idempotency key") {
		t.Errorf("a new order with the idempotency key of one that is there: errors %q, want one that says that two have it", got.errors())
	}

	// The same contents are no excuse: a replacement is known as such.
	c.restart(nil, nil)
	there, fresh = c.another(), c.another()
	fresh.state, fresh.private = nil, nil
	there.plan(config)
	if got, _ = fresh.plan(config); !strings.Contains(got.errors(), "Two orders have the same idempotency key") {
		t.Errorf("a second order with the idempotency key and the contents of one that is there: errors %q, want one that says that two have it", got.errors())
	}
}

func TestTwins(t *testing.T) {
	c := newCore(t, newSandbox(t, quick), nil)
	for i, want := range []bool{false, true, false} {
		one := c.another()
		if got, _ := one.plan(plain(nil)); strings.Contains(got.warnings(), "identical") != want {
			t.Errorf("order %d: warnings %q, want one about identical orders: %t", i, got.warnings(), want)
		}
	}
	for i := range 2 {
		one := c.another()
		if got, _ := one.plan(plain(attrs{"idempotency_key": fmt.Sprint(i)})); len(got.diags) > 0 {
			t.Errorf("with an idempotency key of its own: errors %q, warnings %q, want none", got.errors(), got.warnings())
		}
	}
}

func TestWrongClock(t *testing.T) {
	c := newCore(t, newSandbox(t, quick), nil)
	c.restart(nil, shiftedClock{72 * time.Hour})
	got := c.apply(plain(nil))
	c.severity(got, asError)
	c.expect(got, "create", "(no state)", 0, "differs from Runa's clock by about 72 hours", "Nothing was bought")
}

func TestPlanOverTheLimit(t *testing.T) {
	c := newCore(t, newSandbox(t, quick), attrs{"spend_limit": attrs{"USD": "60"}})
	var said []string
	for i, value := range []string{"25", "10", "50", "25"} {
		one := c.another()
		got, _ := one.plan(plain(attrs{"idempotency_key": fmt.Sprint(i), "items": []any{item(nil, nil, value)}}))
		said = append(said, got.errors())
	}
	if said[0]+said[1]+said[3] != "" {
		t.Errorf("errors of the four orders: %q, want them only for the third", said)
	}
	for _, piece := range []string{"85 USD would exceed the limit of 60 USD", "50 USD: 1 × ACME-US, key 2\n  - 25 USD", "Nothing was bought"} {
		if !strings.Contains(said[2], piece) {
			t.Errorf("the third order says %q, want %q in it", said[2], piece)
		}
	}
	if got, _ := c.plan(paid("GBP", attrs{"items": []any{item(nil, product("TEA-GB"), "200")}})); len(got.diags) > 0 {
		t.Errorf("a currency without a limit: errors %q, warnings %q, want none", got.errors(), got.warnings())
	}
}

// TestApplyNeverPassesTheLimit plans each order as a run of its own would, so that
// no plan is over the limit, and applies ten at a time.
func TestApplyNeverPassesTheLimit(t *testing.T) {
	for try := range 20 {
		t.Run(fmt.Sprint(try), func(t *testing.T) {
			sb := newSandbox(t, quick)
			var planned []*orderHarness
			c := newCore(t, sb, attrs{"spend_limit": attrs{"USD": "60"}})
			var wait sync.WaitGroup
			var mu sync.Mutex
			refused := 0
			for i := range 10 {
				one := c.another()
				config := plain(attrs{"idempotency_key": fmt.Sprint(i)})
				done, plan := newCore(t, sb, nil).plan(config)
				planned = append(planned, one)
				wait.Go(func() {
					got := one.carryOut(done, plan, config)
					mu.Lock()
					defer mu.Unlock()
					if strings.Contains(got.errors(), "The spending limit is reached") {
						refused++
					}
				})
			}
			wait.Wait()
			sum := decimal.Zero
			for range sb.Ledger() {
				sum = sum.Add(decimal.NewFromInt(25))
			}
			if sum.GreaterThan(decimal.NewFromInt(60)) || len(sb.Ledger()) != 2 || refused != 8 {
				t.Errorf("bought %s USD in %d orders, refused %d of %d, want at most 60 USD, 2 and 8", sum, len(sb.Ledger()), refused, len(planned))
			}
			if posts := sb.requests(http.MethodPost, "/order"); posts != 2 {
				t.Errorf("%d orders were sent, want 2", posts)
			}
		})
	}
}

func TestRefusedOrdersDoNotCount(t *testing.T) {
	sb := newSandbox(t, quick)
	c := newCore(t, sb, attrs{"spend_limit": attrs{"USD": "25"}})
	c.fault(onOrders(sandbox.Fault{Action: sandbox.ActionStatus, Status: 422, Times: 1}))
	first, second := c.another(), c.another()
	if got := first.apply(plain(attrs{"idempotency_key": "1"})); got.errors() == "" {
		t.Fatal("the first order has no errors, want those of the fault")
	}
	config := plain(attrs{"idempotency_key": "2"})
	done, plan := newCore(t, sb, nil).plan(config)
	second.expect(second.carryOut(done, plan, config), "create", "COMPLETED", 1)
}

func TestExchangeWithoutQuote(t *testing.T) {
	c := newCore(t, newSandbox(t, quick), attrs{"spend_limit": attrs{"EUR": "100"}})
	got, _ := c.plan(paid("EUR", attrs{"execution_mode": "sync"}))
	if !strings.Contains(got.errors(), "cannot be priced") {
		t.Errorf("errors %q, warnings %q, want one that says that the exchange cannot be priced", got.errors(), got.warnings())
	}
}

// producing is a run against production, with so much money in each currency.
func producing(t *testing.T, balances map[string]string, settings attrs) *orderHarness {
	t.Helper()
	sb := newSandbox(t, sandbox.Options{Mode: sandbox.ModeProduction, Processing: -1, Balances: balances})
	with := attrs{"api_key": sandbox.ProductionKey}
	maps.Copy(with, settings)
	return newCore(t, sb, with)
}

func TestBalanceDoesNotCoverThePlan(t *testing.T) {
	for name, test := range map[string]struct {
		settings attrs
		severity string
	}{
		"warns":          {nil, asWarning},
		"required":       {attrs{"require_balance": true}, asError},
		"required, none": {attrs{"require_balance": false}, asWarning},
	} {
		t.Run(name, func(t *testing.T) {
			c := producing(t, map[string]string{"USD": "60.00"}, test.settings)
			for i, short := range []bool{false, false, true, false} { // 25, 50, 75, and said already
				got, _ := c.another().plan(plain(attrs{"idempotency_key": fmt.Sprint(i)}))
				said := got.errors() + got.warnings()
				if strings.Contains(said, "at least 75 USD, before discounts and fees, but the account has only 60 USD") != short {
					t.Fatalf("order %d says %q, want it to say that the balance is too low: %t", i, said, short)
				}
				if short {
					c.severity(got, test.severity)
				}
			}
			if reads := c.sb.requests(http.MethodGet, "/balance"); reads != 1 {
				t.Errorf("the balance was read %d times, want once", reads)
			}
		})
	}
	t.Run("unknown", func(t *testing.T) {
		c := producing(t, nil, attrs{"require_balance": true})
		c.fault(sandbox.Fault{Path: "/balance", Action: sandbox.ActionStatus, Status: 403})
		got, _ := c.plan(plain(nil))
		c.severity(got, asWarning)
		c.expect(got, "create", "(no state)", 0, "The balance is not known")
	})
}

// TestExchangesCountAsQuoted: 25 USD paid in EUR are counted in EUR, with the fee.
func TestExchangesCountAsQuoted(t *testing.T) {
	exchange := paid("EUR", attrs{"execution_mode": "sync"})
	c := producing(t, map[string]string{"EUR": "1000.00"}, attrs{"spend_limit": attrs{"EUR": "24"}})
	got, _ := c.plan(exchange)
	c.severity(got, asError)
	c.expect(got, "create", "(no state)", 0, "EUR would exceed the limit of 24 EUR")

	c = producing(t, map[string]string{"EUR": "1000.00"}, attrs{"spend_limit": attrs{"EUR": "30"}})
	c.expect(c.apply(exchange), "create", "COMPLETED", 1)
	again := c.another()
	again.state, again.private = nil, nil
	exchange["idempotency_key"] = "another"
	done, planned := newCore(t, c.sb, attrs{"api_key": sandbox.ProductionKey}).plan(exchange) // without a limit
	got = again.carryOut(done, planned, exchange)
	again.severity(got, asError)
	again.expect(got, "create", "(no state)", 1, "The spending limit is reached", "Nothing was sent with idempotency key another")
}

func TestProductionRefusesWithoutFunds(t *testing.T) {
	c := producing(t, map[string]string{"USD": "10.00"}, nil)
	got := c.apply(plain(nil))
	c.severity(got, asError)
	c.expect(got, "create", "(no state)", 0, "insufficient_funds", "Next: top up the account, then apply again.", "The balance does not cover the plan")
}
