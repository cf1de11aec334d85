package sandbox_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

const ownGiftCard = `{"code":"AMZ-US","name":"Amazon.com","currency":"USD","payout_type":"gift_card","is_orderable":true,"state":"LIVE",
"approval_state":"APPROVED","availability":"realtime","categories":["general"],"countries_redeemable_in":["US"],"discount_multiplier":"0.0100",
"customer_service":{"phone_number":null,"website_url":null},
"gift_card":{"barcode_format":null,"e_code_usage_type":"url-only","denominations":{"type":"open","minimum_value":"1","maximum_value":2000.5,"available_list":["10",25]},
"assets":{"card_image_url":null,"icon_image_url":null,"primary_color":null},"expiry":{"date_policy":null,"in_months":0,"type":"indefinite"},
"redeemable_at":"online","balance_check_url":null,"website_url":null,"content_resources":{"locale":"en_US","description_markdown_url":"https://x.example"}}}`

// TestOwnProducts: products in every form that Runa gives them in are listed, read and
// sold, beside the sandbox's own.
func TestOwnProducts(t *testing.T) {
	t.Parallel()
	replaced := strings.Replace(ownGiftCard, "AMZ-US", "ACME-US", 1)
	for name, text := range map[string]string{
		"one":  ownGiftCard,
		"list": "[" + ownGiftCard + "," + replaced + "]",
		"page": `{"catalog":[` + ownGiftCard + `],"pagination":{"cursors":{},"page":{"limit":500}}}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := start(t, sandbox.Options{Products: 60, OwnProducts: []byte(text)})
			var p listed
			if err := json.Unmarshal([]byte(r.must(r.get("/v2/product/AMZ-US"), 200)), &p); err != nil {
				t.Fatal(err)
			}
			if d := p.GiftCard.Denominations; p.Name != "Amazon.com" || d.MaximumValue != "2000.5" || len(d.AvailableList) != 2 || d.AvailableList[1] != "25" {
				t.Errorf("got %+v, want the product as it was given, amounts as text", p)
			}
			if all := r.must(r.get("/v2/product"), 200); strings.Count(all, `"AMZ-US"`) != 1 {
				t.Errorf("AMZ-US is listed %d times, want once", strings.Count(all, `"AMZ-US"`))
			}
			order := strings.Replace(tenDollars, "ACME-US", "AMZ-US", 1)
			r.must(r.order("k", order), 202)
			r.orders(1)
			if known := r.must(r.get("/v2/product/ACME-US"), 200); strings.Contains(known, "Amazon.com") != (name == "list") {
				t.Errorf("got %s, want the given product only where it was given", known)
			}
		})
	}
}

func TestOwnProductsThatCannotBe(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ old, new, want string }{
		"no JSON":     {ownGiftCard, "code,name", "not JSON"},
		"no product":  {ownGiftCard, "[1]", "product 1 (?)"},
		"code":        {"AMZ-US", "amazon", "product 1 (amazon): code must be"},
		"currency":    {`"USD"`, `"XXX"`, "currency"},
		"payout type": {`"payout_type":"gift_card"`, `"payout_type":"cash"`, "payout_type must be"},
		"no object":   {`"gift_card":{`, `"other":{`, "needs the object gift_card"},
		"amount":      {`"1"`, `"one"`, "amount"},
		"fixed":       {`"type":"open"`, `"type":"any"`, "denominations"},
		"discount":    {"0.0100", "2", "discount_multiplier"},
		"twice":       {ownGiftCard, "[" + ownGiftCard + "," + ownGiftCard + "]", "product 2 (AMZ-US): there is another"},
	} {
		box, err := sandbox.Open(sandbox.Options{Products: 60, OwnProducts: []byte(strings.Replace(ownGiftCard, test.old, test.new, 1))})
		if err == nil {
			box.Close()
		}
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got error %v, want %q", name, err, test.want)
		}
	}
}
