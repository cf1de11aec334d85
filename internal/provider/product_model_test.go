package provider

import (
	"reflect"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/runa-community/terraform-provider-runa/internal/client"
)

func texts(values ...string) []types.String {
	list := []types.String{}
	for _, value := range values {
		list = append(list, types.StringValue(value))
	}
	return list
}

func TestProductFromWire(t *testing.T) {
	text, null := types.StringValue, types.StringNull()
	noPayout := productModel{
		Code: text("NEW-US"), Name: null, Currency: null, State: null, IsOrderable: types.BoolValue(false), ApprovalState: null,
		PayoutType: text("lottery"), Availability: null, DiscountMultiplier: null,
		CustomerService: &customerServiceModel{PhoneNumber: null, WebsiteURL: null},
	}
	tests := map[string]struct {
		wire client.Product
		want productModel
	}{
		"gift card": {
			client.Product{
				Code: "ACME-US", Name: "Acme", Currency: "USD", State: "LIVE", PayoutType: "gift_card", IsOrderable: true,
				ApprovalState: "APPROVED", Availability: "realtime", Categories: []string{"fashion"}, CountriesRedeemableIn: []string{"US"},
				DiscountMultiplier: "0.0130", CustomerService: client.CustomerService{WebsiteURL: "https://help.acme.example"},
				GiftCard: &client.Payout{
					Denominations: &client.Denominations{Type: "fixed", MinimumValue: "10.00", MaximumValue: "50.00", AvailableList: []client.Amount{"10", "10.5", "50.00"}},
					Assets:        client.Assets{CardImageURL: "https://acme.example/card.png", PrimaryColor: "#FFFFFF"},
					Expiry:        &client.Expiry{Type: "from-issue-date", InMonths: 12, DatePolicy: "A year"},
					RedeemableAt:  "online", WebsiteURL: "https://acme.example", BalanceCheckURL: "https://acme.example/b",
					BarcodeFormat: "code-128", ECodeUsageType: "url-only",
				},
			},
			productModel{
				Code: text("ACME-US"), Name: text("Acme"), Currency: text("USD"), State: text("LIVE"), IsOrderable: types.BoolValue(true),
				ApprovalState: text("APPROVED"), PayoutType: text("gift_card"), Availability: text("realtime"),
				Categories: texts("fashion"), CountriesRedeemableIn: texts("US"), DiscountMultiplier: text("0.0130"),
				CustomerService: &customerServiceModel{PhoneNumber: null, WebsiteURL: text("https://help.acme.example")},
				Denominations: &denominationsModel{
					Type: text("fixed"), MinimumValue: text("10.00"), MaximumValue: text("50.00"), AvailableList: texts("10", "10.5", "50.00"),
				},
				Assets:       &assetsModel{CardImageURL: text("https://acme.example/card.png"), IconImageURL: null, PrimaryColor: text("#FFFFFF")},
				Expiry:       &expiryModel{Type: text("from-issue-date"), InMonths: types.Int64Value(12), DatePolicy: text("A year")},
				RedeemableAt: text("online"), WebsiteURL: text("https://acme.example"), BalanceCheckURL: text("https://acme.example/b"),
				BarcodeFormat: text("code-128"), ECodeUsageType: text("url-only"),
			},
		},
		"subscription": {
			client.Product{Code: "NEW-US", PayoutType: "lottery", Subscription: &client.Payout{
				SubscriptionPlans: []client.SubscriptionPlan{{Name: "6 months", LengthUnit: "MONTHS", Length: 6, Price: "59.94", Code: "TUNES6-ES"}},
			}},
			with(noPayout, func(m *productModel) {
				m.Assets = &assetsModel{}
				m.SubscriptionPlans = []subscriptionPlanModel{
					{Name: text("6 months"), LengthUnit: text("MONTHS"), Length: types.Int64Value(6), Price: text("59.94"), Code: text("TUNES6-ES")},
				}
			}),
		},
		"payment": {
			client.Product{Code: "NEW-US", PayoutType: "lottery", Payment: &client.Payout{
				Denominations: &client.Denominations{MinimumValue: "5.00", MaximumValue: "250.00"},
			}},
			with(noPayout, func(m *productModel) {
				m.Assets = &assetsModel{}
				m.Denominations = &denominationsModel{Type: null, MinimumValue: text("5.00"), MaximumValue: text("250.00")}
			}),
		},
		"a type to come": {client.Product{Code: "NEW-US", PayoutType: "lottery"}, noPayout},
		"empty lists stay": {
			client.Product{Code: "NEW-US", PayoutType: "lottery", Categories: []string{}, CountriesRedeemableIn: []string{}},
			with(noPayout, func(m *productModel) { m.Categories, m.CountriesRedeemableIn = texts(), texts() }),
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := productFromWire(test.wire); !reflect.DeepEqual(got, test.want) {
				t.Errorf("got  %+v\nwant %+v", got, test.want)
			}
		})
	}
}

func with[T any](value T, edit func(*T)) T {
	edit(&value)
	return value
}
