package client

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
)

// Samples with every field that is read.
const (
	sampleOrder = `{"id":"O-1","status":"COMPLETED","message":"Done.","created_at":"2026-05-04T08:49:23.420733+00:00","completed_at":"2026-05-04T08:49:24.420733+00:00",
		"description":"Spring","payment_method":{"type":"ACCOUNT_BALANCE","currency":"EUR"},"currency":"EUR","total_discount":"0.00","total_price":"25.48",
		"items":[{"id":"E-1","distribution_method":{"type":"RECIPIENT","template_id":"DT-1","email_address":"ana@example.test","recipient_reference":"driver-77"},
			"products":{"type":"MULTIPLE","value":"A-GB","values":["A-GB","B-GB"],"template_id":"PT-1","usage_config":{"spend_rules_template_id":"PSR-1"}},
			"face_value":"20.00","price":"20.00","currency":"GBP",
			"payout":{"status":"ACTIVE","status_updated_at":"2026-05-04T08:49:24.420733+00:00","url":"https://spend.example.test/1","expiry_date":"2027-05-04T08:49:24+00:00"}}],
		"transaction_detail":{"GBP":{"value":"20.00","fx":{"rate":"0.8","rate_symbol":"EURGBP","fee":{"value":"0.48","currency":"EUR"}}}},
		"metadata":{"campaign":"spring_26"}}`
	sampleProduct = `{"code":"TUNES-ES","name":"Tunes","currency":"EUR","state":"LIVE","payout_type":"subscription","is_orderable":true,"approval_state":"APPROVED",
		"availability":"realtime","categories":["music"],"countries_redeemable_in":["ES"],"discount_multiplier":"0.0130",
		"customer_service":{"phone_number":"1","website_url":"https://acme.example"},` +
		`"gift_card":` + samplePayout + `,"payment":` + samplePayout + `,"subscription":` + samplePayout + `}`
	samplePayout = `{"denominations":{"type":"fixed","minimum_value":"10","maximum_value":"50","available_list":["10","50"]},
		"subscription_plans":[{"name":"6 months","length_unit":"MONTHS","length":6,"price":"59.94","subscription_plan_code":"TUNES6-ES"}],
		"assets":{"card_image_url":"https://c","icon_image_url":"https://i","primary_color":"#112233"},"balance_check_url":"https://b","website_url":"https://w",
		"barcode_format":"QR","e_code_usage_type":"url-only","redeemable_at":"online","expiry":{"date_policy":"none","in_months":12,"type":"indefinite"},
		"content_resources":{"locale":"en_GB"}}`
	sampleEstimate = `{"payment_method":{"type":"ACCOUNT_BALANCE","currency":"USD"},"currency":"USD","total_discount":0.5,"total_price":9.5,
		"items":[{"products":{"type":"SINGLE","value":"ACME-US","values":["B-US","C-US"],"template_id":"PT-1","usage_config":{"spend_rules_template_id":"PSR-1"}},
			"face_value":10,"price":9.5,"discount_multiplier":"0.05","currency":"USD"}],
		"transaction_detail":{"USD":{"value":"10.00","fx":{"rate":"0.8","rate_symbol":"EURUSD","fee":{"value":"0.48","currency":"EUR"}}}}}`
)

// fails and itself are what an odd field costs: the whole answer, or no more than the
// field. Otherwise it is the field named.
const (
	fails  = "the answer"
	itself = "the field"
)

// oddCosts says of an answer what an odd value in each of its fields costs.
type oddCosts struct {
	sample string
	of     any // what it is read into
	read   func(context.Context, *Client) (any, error)
	costs  map[string]string
}

var odd = map[string]oddCosts{
	"order": {sampleOrder, Order{}, func(ctx context.Context, c *Client) (any, error) {
		order, err := c.Order(ctx, "O-1")
		if err == nil && order.Incomplete != nil {
			if order.ID != "O-1" || order.Status != StatusCompleted {
				return nil, errors.New("the order is lost")
			}
			err = order.Incomplete
		}
		return order, err
	}, with(transaction, map[string]string{
		"id": fails, "status": fails, "message": itself, "created_at": itself, "completed_at": itself, "description": fails,
		"payment_method": itself, "payment_method.type": itself, "payment_method.currency": "payment_method",
		"currency": fails, "total_discount": itself, "total_price": fails, "metadata": fails, "metadata.*": fails,
		"items": fails, "items[0]": fails, "items[0].id": fails, "items[0].face_value": fails, "items[0].price": fails, "items[0].currency": fails,
		"items[0].distribution_method": fails, "items[0].distribution_method.type": fails, "items[0].distribution_method.email_address": fails,
		"items[0].distribution_method.recipient_reference": fails, "items[0].distribution_method.template_id": itself,
		"items[0].products": fails, "items[0].products.type": fails, "items[0].products.value": fails, "items[0].products.values": fails,
		"items[0].products.template_id": fails, "items[0].products.usage_config": itself,
		"items[0].products.usage_config.spend_rules_template_id": "items[0].products.usage_config",
		"items[0].payout": fails, "items[0].payout.status": fails, "items[0].payout.url": fails,
		"items[0].payout.status_updated_at": itself, "items[0].payout.expiry_date": itself,
	})},
	"estimate": {sampleEstimate, Estimate{}, func(ctx context.Context, c *Client) (any, error) {
		return c.EstimateOrder(ctx, EstimateRequest{Items: []EstimateItem{{FaceValue: decimal.NewFromInt(10)}}})
	}, with(transaction, map[string]string{
		"payment_method": itself, "payment_method.type": itself, "payment_method.currency": "payment_method",
		"currency": fails, "total_discount": itself, "total_price": fails,
		"items": itself, "items[0]": "items", "items[0].face_value": itself, "items[0].price": itself, "items[0].discount_multiplier": itself, "items[0].currency": itself,
		"items[0].products": itself, "items[0].products.type": "items[0].products", "items[0].products.value": "items[0].products",
		"items[0].products.values": "items[0].products", "items[0].products.template_id": "items[0].products",
		"items[0].products.usage_config":                         itself,
		"items[0].products.usage_config.spend_rules_template_id": "items[0].products.usage_config",
	})},
	"product": {sampleProduct, Product{}, func(ctx context.Context, c *Client) (any, error) {
		return c.Product(ctx, "TUNES-ES", ContentURL)
	}, with(payoutCosts("gift_card", itself), payoutCosts("payment", itself), payoutCosts("subscription", fails), map[string]string{
		"code": fails, "name": itself, "currency": fails, "state": itself, "payout_type": itself, "is_orderable": fails, "approval_state": itself,
		"availability": itself, "categories": itself, "countries_redeemable_in": itself, "discount_multiplier": itself,
		"customer_service": itself, "customer_service.phone_number": itself, "customer_service.website_url": itself,
	})},
	"balance": {
		`{"balance":"8.50","currency":"GBP"}`,
		Balance{},
		func(ctx context.Context, c *Client) (any, error) { return c.Balance(ctx, "GBP") },
		map[string]string{"balance": fails, "currency": fails},
	},
	"balances": {
		`[{"balance":"8.50","currency":"GBP"}]`,
		[]Balance{},
		func(ctx context.Context, c *Client) (any, error) { return c.Balances(ctx) },
		map[string]string{"[0]": fails, "[0].balance": fails, "[0].currency": fails},
	},
	"ping": {
		`{"message":"pong"}`, nil, func(ctx context.Context, c *Client) (any, error) { return c.Ping(ctx) },
		map[string]string{"message": itself},
	},
	"countries": {
		`{"countries":["US"]}`, nil, func(ctx context.Context, c *Client) (any, error) { return c.ProductCountries(ctx) },
		map[string]string{"countries": fails},
	},
	"categories": {
		`{"categories":[{"code":"travel"}]}`, nil, func(ctx context.Context, c *Client) (any, error) { return c.ProductCategories(ctx) },
		map[string]string{"categories": fails, "categories[0]": fails, "categories[0].code": fails},
	},
	"catalogue": {`{"catalog":[{"code":"A-US","name":"A","currency":"USD"}],"pagination":{"cursors":{"after":""}}}`, nil, func(ctx context.Context, c *Client) (any, error) {
		return whole(c.Products(ctx, ProductFilter{}))
	}, map[string]string{
		"catalog": fails, "catalog[0]": fails, "catalog[0].code": fails, "catalog[0].currency": fails, "catalog[0].name": itself,
		"pagination": fails, "pagination.cursors": fails, "pagination.cursors.after": fails,
	}},
	"orders": {`{"items":[{"id":"O-1","status":"COMPLETED"}],"pagination":{"cursors":{"after":""}}}`, nil, func(ctx context.Context, c *Client) (any, error) {
		return whole(c.Orders(ctx))
	}, map[string]string{"items": fails, "pagination": fails, "pagination.cursors": fails, "pagination.cursors.after": fails}},
}

var transaction = map[string]string{
	"transaction_detail": itself, "transaction_detail.*": "transaction_detail", "transaction_detail.*.value": itself, "transaction_detail.*.fx": itself,
	"transaction_detail.*.fx.rate": itself, "transaction_detail.*.fx.rate_symbol": itself, "transaction_detail.*.fx.fee": itself,
	"transaction_detail.*.fx.fee.value": itself, "transaction_detail.*.fx.fee.currency": itself,
}

// payoutCosts are those of a product's payout, which costs so much itself.
func payoutCosts(at, whole string) map[string]string {
	plans := whole // a plan that cannot be bought by its code and price
	if whole == itself {
		plans = at
	}
	costs := map[string]string{at: whole}
	for field, cost := range map[string]string{
		"denominations": itself, "denominations.type": at + ".denominations", "denominations.minimum_value": at + ".denominations",
		"denominations.maximum_value": at + ".denominations", "denominations.available_list": at + ".denominations", "denominations.available_list[0]": at + ".denominations",
		"subscription_plans": plans, "subscription_plans[0]": plans, "subscription_plans[0].price": plans, "subscription_plans[0].subscription_plan_code": plans,
		"subscription_plans[0].name": itself, "subscription_plans[0].length_unit": itself, "subscription_plans[0].length": itself,
		"assets": itself, "assets.card_image_url": itself, "assets.icon_image_url": itself, "assets.primary_color": itself,
		"balance_check_url": itself, "website_url": itself, "barcode_format": itself, "e_code_usage_type": itself, "redeemable_at": itself,
		"expiry": itself, "expiry.date_policy": itself, "expiry.type": itself, "expiry.in_months": at + ".expiry", "content_resources": itself,
	} {
		costs[at+"."+field] = cost
	}
	return costs
}

func with(tables ...map[string]string) map[string]string {
	all := map[string]string{}
	for _, table := range tables {
		maps.Copy(all, table)
	}
	return all
}

func whole[T any](entries func(func(T, error) bool)) (all []T, err error) {
	for entry, problem := range entries {
		all, err = append(all, entry), errors.Join(err, problem)
	}
	return all, err
}

// TestOddFields puts a value of a type that Runa does not document into every field of
// every answer. Only what money turns on costs the answer, and the error names it; all
// else is as if it had been left out.
func TestOddFields(t *testing.T) {
	for name, answer := range odd {
		t.Run(name, func(t *testing.T) {
			if _, err := answer.readFrom(t, answer.sample, nil); err != nil {
				t.Fatalf("reading the documented answer: error %v, want none", err)
			}
			for field, cost := range answer.costs {
				t.Run(field, func(t *testing.T) {
					var seen []string
					got, err := answer.readFrom(t, without(t, answer.sample, field, spoil), &seen)
					if cost == fails {
						var unreadable *UnreadableError
						if !errors.As(err, &unreadable) || !regexp.MustCompile(`its `+regexp.QuoteMeta(field)+` is not (an? [a-z ]+|text|true or false)$`).MatchString(err.Error()) {
							t.Errorf("reading with an odd %s: error %v, want an UnreadableError that names the field and its type", field, err)
						}
						return
					}
					lost := cost
					if lost == itself {
						lost = field
					}
					want, problem := answer.readFrom(t, without(t, answer.sample, lost, remove), nil)
					if name == "ping" { // an answer without it is none
						want, problem = "", nil
					}
					if err != nil || problem != nil || !reflect.DeepEqual(got, want) {
						t.Errorf("got  %+v, %v\nwant %+v, %v", got, err, want, problem)
					}
					wantEqual(t, "observed", seen, []string{lost})
				})
			}
		})
	}
}

// TestOddFieldsAreAll: no field of an answer is without a row above, or without a tag.
func TestOddFieldsAreAll(t *testing.T) {
	for name, answer := range odd {
		if answer.of == nil {
			continue
		}
		var want []string
		listFields("", reflect.TypeOf(answer.of), func(at string, tag reflect.StructTag) {
			if read := tag.Get("read"); tag != "" && read != "strict" && read != "shown" {
				t.Errorf("%s: %s has the tag %q, want read strict or shown", name, at, tag)
			}
			want = append(want, at)
		})
		for _, field := range want {
			if _, ok := answer.costs[field]; !ok && !leafOf(field) {
				t.Errorf("%s: %s is not tested, want a row in costs", name, field)
			}
		}
		for field := range answer.costs {
			if !slices.Contains(want, field) {
				t.Errorf("%s: costs has a row for %s, want only fields that there are", name, field)
			}
		}
	}
}

// leafOf reports a text within a list of texts.
func leafOf(field string) bool {
	return regexp.MustCompile(`(categories|countries_redeemable_in)\[0\]$`).MatchString(field)
}

func listFields(at string, of reflect.Type, found func(string, reflect.StructTag)) {
	if reflect.PointerTo(of).Implements(reflect.TypeFor[json.Unmarshaler]()) {
		return
	}
	switch of.Kind() {
	case reflect.Pointer:
		listFields(at, of.Elem(), found)
	case reflect.Slice:
		found(at+"[0]", "")
		listFields(at+"[0]", of.Elem(), found)
	case reflect.Map:
		found(join(at, "*"), "")
		listFields(join(at, "*"), of.Elem(), found)
	case reflect.Struct:
		for i := range of.NumField() {
			field := of.Field(i)
			if name, _, _ := strings.Cut(field.Tag.Get("json"), ","); name != "-" {
				found(join(at, name), field.Tag)
				listFields(join(at, name), field.Type, found)
			}
		}
	}
}

func (o oddCosts) readFrom(t *testing.T, body string, seen *[]string) (any, error) {
	t.Helper()
	return o.read(t.Context(), offline(t, func(*http.Request) (*http.Response, error) { return memory(200, body), nil }, func(c *Config) {
		c.ReadTries = 1
		c.ObserveOdd = func(_ context.Context, e Oddity) {
			if seen != nil {
				*seen = append(*seen, e.Fields...)
			}
		}
	}))
}

// spoil is a value of a type that the field does not have.
func spoil(was any) (value any, keep bool) {
	if _, yes := was.(bool); yes {
		return "yes", true
	}
	return false, true
}

func remove(any) (any, bool) { return nil, false }

// without changes one field of a JSON text.
func without(t *testing.T, body, field string, change func(any) (any, bool)) string {
	t.Helper()
	var root any
	if err := json.Unmarshal([]byte(body), &root); err != nil {
		t.Fatal(err)
	}
	steps := regexp.MustCompile(`[^.\[\]]+`).FindAllString(field, -1)
	changed, err := json.Marshal(changeAt(t, root, steps, change))
	if err != nil {
		t.Fatal(err)
	}
	return string(changed)
}

func changeAt(t *testing.T, value any, steps []string, change func(any) (any, bool)) any {
	t.Helper()
	switch within := value.(type) {
	case map[string]any:
		name := steps[0]
		if name == "*" {
			name = slices.Collect(maps.Keys(within))[0]
		}
		if _, there := within[name]; !there {
			t.Fatalf("the sample %v has no %s, want it", within, name)
		}
		if len(steps) > 1 {
			within[name] = changeAt(t, within[name], steps[1:], change)
		} else if changed, keep := change(within[name]); keep {
			within[name] = changed
		} else {
			delete(within, name)
		}
	case []any:
		i, err := strconv.Atoi(steps[0])
		if err != nil || i >= len(within) {
			t.Fatalf("the sample %v has no %s, want it", within, steps)
		}
		if len(steps) > 1 {
			within[i] = changeAt(t, within[i], steps[1:], change)
		} else {
			within[i], _ = change(within[i])
		}
	default:
		t.Fatalf("the sample has %v, want an object or a list with %v", value, steps)
	}
	return value
}

// TestSamplesOfRunas: two of Runa's own samples are not of the shape that it documents.
func TestSamplesOfRunas(t *testing.T) {
	for name, products := range map[string]string{
		"an estimate's": `{"type":"SINGLE","values":"ACME-US"}`,
		"push to card":  `{"type":"SINGLE","values":["ACME-US"]}`,
	} {
		t.Run(name, func(t *testing.T) {
			want := Products{Type: Single, Value: "ACME-US"}
			estimate, err := serve(t, answering(200, `{"currency":"USD","total_price":9.5,"items":[{"price":9.5,"products":`+products+`}]}`)).client(t).EstimateOrder(t.Context(), EstimateRequest{})
			if err != nil || estimate.TotalPrice != "9.5" || len(estimate.Items) != 1 || !reflect.DeepEqual(estimate.Items[0].Products, want) {
				t.Errorf("EstimateOrder() = %+v, error %v, want total price 9.5 and one item with %+v", estimate, err, want)
			}
			order, err := serve(t, answering(200, `{"id":"O-1","status":"COMPLETED","items":[{"products":`+products+`}]}`)).client(t).Order(t.Context(), "O-1")
			if err != nil || order.Incomplete != nil || len(order.Items) != 1 || !reflect.DeepEqual(order.Items[0].Products, want) {
				t.Errorf("Order() = %+v, error %v, want it complete, with one item with %+v", order, err, want)
			}
		})
	}
}

// TestOddFindings: a 422 says what it can.
func TestOddFindings(t *testing.T) {
	for name, test := range map[string]struct {
		details string
		want    []Detail
	}{
		"an odd type":       {`[{"type":5,"message":"too low","location":["items",0]}]`, []Detail{{"", "too low", []string{"items", "0"}}}},
		"an odd message":    {`[{"type":"value_error","message":{"en":"x"},"location":["items",0]}]`, []Detail{{"value_error", "", []string{"items", "0"}}}},
		"an odd location":   {`[{"type":"value_error","message":"too low","location":"items.0"}]`, []Detail{{"value_error", "too low", nil}}},
		"an odd finding":    {`["no",{"type":"value_error","message":"too low"}]`, []Detail{{"value_error", "too low", nil}}},
		"no list":           {`{"message":"no"}`, nil},
		"an odd and a good": {`[{"location":7},{"type":"t","message":"m","location":["items","1","products"]}]`, []Detail{{"t", "m", []string{"items", "1", "products"}}}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := serve(t, answering(422, `{"type":"validation_error","message":"See details.","details":`+test.details+`}`)).client(t).Ping(t.Context())
			var api *APIError
			if !errors.As(err, &api) || api.Type != "validation_error" || !api.FromHandler || !reflect.DeepEqual(api.Details, test.want) {
				t.Errorf("Ping() = error %+v, want a validation_error with details %+v", err, test.want)
			}
		})
	}
}
