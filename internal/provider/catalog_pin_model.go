package provider

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/runa-community/terraform-provider-runa/internal/catalog"
	"github.com/runa-community/terraform-provider-runa/internal/client"
)

// catalogPinModel is runa_catalog_pin in configuration, plan and state.
type catalogPinModel struct {
	productsFilterModel
	OnDrift types.String `tfsdk:"on_drift"`
	Compare types.Set    `tfsdk:"compare"`

	Products  types.Map    `tfsdk:"products"`
	Digest    types.String `tfsdk:"digest"`
	PinnedAt  types.String `tfsdk:"pinned_at"`
	Drifted   types.Bool   `tfsdk:"drifted"`
	Drift     types.List   `tfsdk:"drift"`
	Withdrawn types.List   `tfsdk:"withdrawn_codes"`
	New       types.List   `tfsdk:"new_codes"`
}

// setPinned takes over the products that were selected.
func (m *catalogPinModel) setPinned(ctx context.Context, products []client.Product, now time.Time) (diags diag.Diagnostics) {
	value, err := productMap.ValueFromTerraform(ctx, productsFromWire(products))
	if err != nil {
		diags.AddError("A mistake in this provider", "The products cannot be stored: "+err.Error()+". Please report it.")
		return diags
	}
	m.Products = value.(types.Map)
	if m.Codes.IsUnknown() || m.Codes.IsNull() {
		m.Codes = textListOf(codesOf(products))
	}
	m.Digest = types.StringValue(catalog.Digest(products))
	m.PinnedAt = momentOf(now)
	m.setDrift(catalog.Drift{})
	return diags
}

func momentOf(when time.Time) types.String {
	return types.StringValue(when.UTC().Format(time.RFC3339))
}

// planPinned plans to take over products that are known.
func (m *catalogPinModel) planPinned(current types.Map) {
	products := productsToWire(current)
	m.Products, m.Digest = current, types.StringValue(catalog.Digest(products))
	m.PinnedAt = types.StringUnknown()
	if m.Codes.IsUnknown() {
		m.Codes = textListOf(codesOf(products))
	}
	m.setDrift(catalog.Drift{})
}

func (m *catalogPinModel) setDrift(drift catalog.Drift) {
	differences := make([]attr.Value, 0, len(drift.Differences))
	for _, d := range drift.Differences {
		differences = append(differences, types.ObjectValueMust(driftType.AttrTypes, map[string]attr.Value{
			"code": types.StringValue(d.Code), "field": types.StringValue(d.Field), "pinned": orNull(d.Pinned), "current": orNull(d.Current),
		}))
	}
	m.Drift = types.ListValueMust(driftType, differences)
	m.Withdrawn, m.New = textListOf(drift.Withdrawn), textListOf(drift.New)
	m.Drifted = types.BoolValue(!drift.None())
}

// recordedDrift is what the model records.
func (m catalogPinModel) recordedDrift() (drift catalog.Drift) {
	for _, element := range m.Drift.Elements() {
		drift.Differences = append(drift.Differences, catalog.Difference{
			Code: text(element, "code"), Field: text(element, "field"), Pinned: text(element, "pinned"), Current: text(element, "current"),
		})
	}
	drift.Withdrawn, drift.New = textsOf(m.Withdrawn.Elements()), textsOf(m.New.Elements())
	return drift
}

// forgetDrift marks what the next apply compares again.
func (m *catalogPinModel) forgetDrift() {
	m.Drifted, m.Drift = types.BoolUnknown(), types.ListUnknown(driftType)
	m.Withdrawn, m.New = types.ListUnknown(types.StringType), types.ListUnknown(types.StringType)
}

// forgetPinned marks what the next apply pins again.
func (m *catalogPinModel) forgetPinned() {
	m.Products = types.MapUnknown(productType)
	m.Digest, m.PinnedAt = types.StringUnknown(), types.StringUnknown()
	m.forgetDrift()
}

// keepResults takes everything computed from another model.
func (m *catalogPinModel) keepResults(from catalogPinModel) {
	m.Products, m.Digest, m.PinnedAt = from.Products, from.Digest, from.PinnedAt
	m.Drifted, m.Drift, m.Withdrawn, m.New = from.Drifted, from.Drift, from.Withdrawn, from.New
}

func textListOf(values []string) types.List {
	return types.ListValueMust(types.StringType, texts(values).Elements())
}

// productsToWire is productsFromWire backwards, for what can be compared.
func productsToWire(products types.Map) []client.Product {
	found := make([]client.Product, 0, len(products.Elements()))
	for _, element := range products.Elements() {
		found = append(found, productToWire(element))
	}
	slices.SortFunc(found, func(a, b client.Product) int { return strings.Compare(a.Code, b.Code) })
	return found
}

func productToWire(value attr.Value) client.Product {
	payout := payoutToWire(value)
	product := client.Product{
		Code: text(value, "code"), Name: text(value, "name"), Currency: text(value, "currency"), State: text(value, "state"),
		ApprovalState: text(value, "approval_state"), PayoutType: text(value, "payout_type"), Availability: text(value, "availability"),
		DiscountMultiplier: client.Amount(text(value, "discount_multiplier")),
	}
	if orderable, ok := within(value, "is_orderable").(types.Bool); ok {
		product.IsOrderable = orderable.ValueBool()
	}
	product.Categories = listToWire[string](within(value, "categories"))
	product.CountriesRedeemableIn = listToWire[string](within(value, "countries_redeemable_in"))
	service := within(value, "customer_service")
	product.CustomerService = client.CustomerService{PhoneNumber: text(service, "phone_number"), WebsiteURL: text(service, "website_url")}
	if assets := within(value, "assets"); assets != nil && !assets.IsNull() {
		product.GiftCard = &payout // which of the three it was in does not matter to anyone
	}
	return product
}

func payoutToWire(value attr.Value) client.Payout {
	assets := within(value, "assets")
	payout := client.Payout{
		Assets: client.Assets{
			CardImageURL: text(assets, "card_image_url"), IconImageURL: text(assets, "icon_image_url"), PrimaryColor: text(assets, "primary_color"),
		},
		RedeemableAt: text(value, "redeemable_at"), WebsiteURL: text(value, "website_url"), BalanceCheckURL: text(value, "balance_check_url"),
		BarcodeFormat: text(value, "barcode_format"), ECodeUsageType: text(value, "e_code_usage_type"),
	}
	if d := within(value, "denominations"); d != nil && !d.IsNull() {
		payout.Denominations = &client.Denominations{
			Type: text(d, "type"), MinimumValue: client.Amount(text(d, "minimum_value")), MaximumValue: client.Amount(text(d, "maximum_value")),
			AvailableList: listToWire[client.Amount](within(d, "available_list")),
		}
	}
	if e := within(value, "expiry"); e != nil && !e.IsNull() {
		payout.Expiry = &client.Expiry{Type: text(e, "type"), DatePolicy: text(e, "date_policy"), InMonths: whole(e, "in_months")}
	}
	if plans, ok := within(value, "subscription_plans").(types.List); ok {
		for _, plan := range plans.Elements() {
			payout.SubscriptionPlans = append(payout.SubscriptionPlans, client.SubscriptionPlan{
				Name: text(plan, "name"), LengthUnit: text(plan, "length_unit"), Length: whole(plan, "length"),
				Price: client.Amount(text(plan, "price")), Code: text(plan, "subscription_plan_code"),
			})
		}
	}
	return payout
}

// within is an attribute of an object, nil where there is no such thing.
func within(object attr.Value, name string) attr.Value {
	if fields, ok := object.(types.Object); ok && !fields.IsNull() {
		return fields.Attributes()[name]
	}
	return nil
}

func whole(object attr.Value, name string) int64 {
	number, _ := within(object, name).(types.Int64)
	return number.ValueInt64()
}

// listToWire keeps a null list null.
func listToWire[T ~string](value attr.Value) []T {
	collection, ok := value.(interface{ Elements() []attr.Value })
	if !ok || value.IsNull() {
		return nil
	}
	list := []T{}
	for _, text := range textsOf(collection.Elements()) {
		list = append(list, T(text))
	}
	return list
}
