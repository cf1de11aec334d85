package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/runa-community/terraform-provider-runa/internal/client"
)

// productModel is one product, as runa_product and each entry of runa_products
// show it.
type productModel struct {
	Code                  types.String            `tfsdk:"code"`
	Name                  types.String            `tfsdk:"name"`
	Currency              types.String            `tfsdk:"currency"`
	State                 types.String            `tfsdk:"state"`
	IsOrderable           types.Bool              `tfsdk:"is_orderable"`
	ApprovalState         types.String            `tfsdk:"approval_state"`
	PayoutType            types.String            `tfsdk:"payout_type"`
	Availability          types.String            `tfsdk:"availability"`
	Categories            []types.String          `tfsdk:"categories"`
	CountriesRedeemableIn []types.String          `tfsdk:"countries_redeemable_in"`
	DiscountMultiplier    types.String            `tfsdk:"discount_multiplier"`
	CustomerService       *customerServiceModel   `tfsdk:"customer_service"`
	Denominations         *denominationsModel     `tfsdk:"denominations"`
	SubscriptionPlans     []subscriptionPlanModel `tfsdk:"subscription_plans"`
	Assets                *assetsModel            `tfsdk:"assets"`
	Expiry                *expiryModel            `tfsdk:"expiry"`
	RedeemableAt          types.String            `tfsdk:"redeemable_at"`
	WebsiteURL            types.String            `tfsdk:"website_url"`
	BalanceCheckURL       types.String            `tfsdk:"balance_check_url"`
	BarcodeFormat         types.String            `tfsdk:"barcode_format"`
	ECodeUsageType        types.String            `tfsdk:"e_code_usage_type"`
}

type customerServiceModel struct {
	PhoneNumber types.String `tfsdk:"phone_number"`
	WebsiteURL  types.String `tfsdk:"website_url"`
}

type denominationsModel struct {
	Type          types.String   `tfsdk:"type"`
	MinimumValue  types.String   `tfsdk:"minimum_value"`
	MaximumValue  types.String   `tfsdk:"maximum_value"`
	AvailableList []types.String `tfsdk:"available_list"`
}

type subscriptionPlanModel struct {
	Name       types.String `tfsdk:"name"`
	LengthUnit types.String `tfsdk:"length_unit"`
	Length     types.Int64  `tfsdk:"length"`
	Price      types.String `tfsdk:"price"`
	Code       types.String `tfsdk:"subscription_plan_code"`
}

type assetsModel struct {
	CardImageURL types.String `tfsdk:"card_image_url"`
	IconImageURL types.String `tfsdk:"icon_image_url"`
	PrimaryColor types.String `tfsdk:"primary_color"`
}

type expiryModel struct {
	DatePolicy types.String `tfsdk:"date_policy"`
	InMonths   types.Int64  `tfsdk:"in_months"`
	Type       types.String `tfsdk:"type"`
}

// productFromWire changes nothing that Runa sent; what it left out is null.
func productFromWire(p client.Product) productModel {
	model := productModel{
		Code:                  types.StringValue(p.Code),
		Name:                  orNull(p.Name),
		Currency:              orNull(p.Currency),
		State:                 orNull(p.State),
		IsOrderable:           types.BoolValue(p.IsOrderable),
		ApprovalState:         orNull(p.ApprovalState),
		PayoutType:            orNull(p.PayoutType),
		Availability:          orNull(p.Availability),
		Categories:            stringsFromWire(p.Categories),
		CountriesRedeemableIn: stringsFromWire(p.CountriesRedeemableIn),
		DiscountMultiplier:    orNull(string(p.DiscountMultiplier)),
		CustomerService: &customerServiceModel{
			PhoneNumber: orNull(p.CustomerService.PhoneNumber),
			WebsiteURL:  orNull(p.CustomerService.WebsiteURL),
		},
	}
	if payout := p.Payout(); payout != nil {
		model.setPayout(*payout)
	}
	return model
}

// setPayout fills in what Runa keeps in an object named after the payout type.
func (m *productModel) setPayout(p client.Payout) {
	m.Denominations = denominationsFromWire(p.Denominations)
	m.SubscriptionPlans = plansFromWire(p.SubscriptionPlans)
	m.Assets = &assetsModel{
		CardImageURL: orNull(p.Assets.CardImageURL),
		IconImageURL: orNull(p.Assets.IconImageURL),
		PrimaryColor: orNull(p.Assets.PrimaryColor),
	}
	if p.Expiry != nil {
		m.Expiry = &expiryModel{
			DatePolicy: orNull(p.Expiry.DatePolicy),
			InMonths:   types.Int64Value(p.Expiry.InMonths),
			Type:       orNull(p.Expiry.Type),
		}
	}
	m.RedeemableAt = orNull(p.RedeemableAt)
	m.WebsiteURL = orNull(p.WebsiteURL)
	m.BalanceCheckURL = orNull(p.BalanceCheckURL)
	m.BarcodeFormat = orNull(p.BarcodeFormat)
	m.ECodeUsageType = orNull(p.ECodeUsageType)
}

func denominationsFromWire(d *client.Denominations) *denominationsModel {
	if d == nil {
		return nil
	}
	return &denominationsModel{
		Type:          orNull(d.Type),
		MinimumValue:  orNull(string(d.MinimumValue)),
		MaximumValue:  orNull(string(d.MaximumValue)),
		AvailableList: stringsFromWire(d.AvailableList),
	}
}

func plansFromWire(plans []client.SubscriptionPlan) []subscriptionPlanModel {
	var models []subscriptionPlanModel
	for _, plan := range plans {
		models = append(models, subscriptionPlanModel{
			Name:       orNull(plan.Name),
			LengthUnit: orNull(plan.LengthUnit),
			Length:     types.Int64Value(plan.Length),
			Price:      orNull(string(plan.Price)),
			Code:       orNull(plan.Code),
		})
	}
	return models
}

// stringsFromWire keeps a null list null and an empty one empty.
func stringsFromWire[T ~string](values []T) []types.String {
	if values == nil {
		return nil
	}
	models := make([]types.String, 0, len(values))
	for _, value := range values {
		models = append(models, types.StringValue(string(value)))
	}
	return models
}
