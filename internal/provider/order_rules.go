package provider

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/shopspring/decimal"

	"github.com/runa-community/terraform-provider-runa/internal/catalog"
	"github.com/runa-community/terraform-provider-runa/internal/client"
	"github.com/runa-community/terraform-provider-runa/internal/preflight"
	"github.com/runa-community/terraform-provider-runa/internal/purchase"
)

// checkPurchase compares an order that a plan would buy with the catalogue, the
// spending limit, the balance and the other orders of the run. It reads and never
// buys. Values that are not known yet are checked when they are: Terraform plans
// again before it applies. There is the order in the state, "" for one to be created.
func (s *session) checkPurchase(ctx context.Context, plan orderModel, there string, keyless bool) (diags diag.Diagnostics) {
	diags.Append(s.checkKey(plan, there)...)
	first := s.firstPlanned(plan, there)
	if first {
		diags.Append(s.checkCopies(ctx, plan, keyless)...)
	}
	order := draft(plan)
	products, more := s.checkCatalog(ctx, order)
	diags.Append(more...)
	diags.Append(s.checkClock()...)
	if diags.HasError() {
		return diags // a sum with wrong orders in it would only confuse
	}
	if first {
		diags.Append(s.checkSum(ctx, order, products, plan)...)
	}
	return diags
}

// firstPlanned reports whether an order is not counted among the others of the run yet.
// One that is to be created is known again by its key only.
func (s *session) firstPlanned(plan orderModel, there string) bool {
	name := cmp.Or(there, plan.IdempotencyKey.ValueString())
	return name == "" || s.checks.Once("purchase "+name)
}

// checkKey finds two orders of a run that would be one at Runa, and an order to be created
// under a key that has bought too long ago.
func (s *session) checkKey(m orderModel, there string) (diags diag.Diagnostics) {
	key := m.IdempotencyKey
	if key.IsNull() || key.IsUnknown() {
		return nil
	}
	if s.checks.Claim(key.ValueString(), there) {
		diags.Append(aboutSharedKey(key.ValueString())...)
	} else if there == "" {
		diags.Append(s.checkLapsed(key.ValueString())...)
	}
	return diags
}

// checkRecorded finds orders that are in the state twice, or share a key.
func (s *session) checkRecorded(state orderModel) diag.Diagnostics {
	if !state.OrderID.IsNull() && s.checks.AtTwoAddresses(recordedName(state)) {
		return aboutTwoAddresses(state)
	}
	return s.checkKey(state, recordedName(state))
}

// recordedName is what an order in the state is known by within a run.
func recordedName(state orderModel) string {
	return cmp.Or(state.OrderID.ValueString(), state.ID.ValueString())
}

// contentsOf is an order as it goes over the wire, "" while a part is unknown.
// Its recipients are digests, because that is all a state may know of them.
func (s *session) contentsOf(ctx context.Context, m orderModel) string {
	if !contentsKnown(ctx, m) {
		return ""
	}
	request, diags := m.toWire(ctx)
	digestRecipients(&request, m.RecipientDigests)
	content, err := request.Encode()
	if diags.HasError() || err != nil {
		return ""
	}
	return string(content)
}

// checkCopies finds orders that look like an order to be bought. Keys of their own show
// that two without a past are meant.
func (s *session) checkCopies(ctx context.Context, plan orderModel, keyless bool) diag.Diagnostics {
	key := plan.IdempotencyKey.ValueString()
	if !keyless && key == "" {
		return nil // the user gives a key, which is not known yet
	}
	if keyless {
		key = ""
	}
	like, other := s.checks.Creates(s.contentsOf(ctx, plan), key)
	return aboutLike(like, other, path.Root("idempotency_key"))
}

// noteRecorded tells the copies of an order that may be bought, and is in the state.
func (s *session) noteRecorded(ctx context.Context, m orderModel) diag.Diagnostics {
	if s == nil || standingOf(m) == purchase.Closed {
		return nil
	}
	s.noteBought(m, preflight.Bought{})
	like, other := s.checks.Recorded(s.contentsOf(ctx, m), describeOrder(m))
	return aboutLike(like, other, path.Empty())
}

// noteForgotten tells the copies of an order that is bought, and will leave the state.
func (s *session) noteForgotten(ctx context.Context, m orderModel) diag.Diagnostics {
	if s == nil || standingOf(m) == purchase.Closed {
		return nil
	}
	s.noteBought(m, preflight.Bought{Restarts: m.Attempt.ValueInt64() > 1})
	key := m.IdempotencyKey.ValueString()
	if s.checks.ToBeCreated(key) {
		if diags := s.checkLapsed(key); diags.HasError() {
			return diags
		}
	}
	like, other := s.checks.Forgets(s.contentsOf(ctx, m), key, describeOrder(m))
	return aboutLike(like, other, path.Empty())
}

// checkCatalog checks an order against the catalogue's rules. Where the catalogue cannot
// be read, the plan goes on without them: Runa refuses what it does not sell.
func (s *session) checkCatalog(ctx context.Context, order catalog.Order) (map[string]catalog.Product, diag.Diagnostics) {
	if !s.rules && !s.checks.Limited(order.Currency) {
		return nil, nil
	}
	var diags diag.Diagnostics
	products, missing, err := s.catalog.Resolve(ctx, order.Codes())
	if err != nil {
		return nil, s.aboutUnread("catalogue", err, aboutUncheckedCatalogue(err, s.endpoint))
	}
	if s.rules {
		for _, problem := range catalog.Check(order, products, missing) {
			add := diags.AddAttributeError
			if problem.Warning {
				add = diags.AddAttributeWarning
			}
			add(pathOf(problem, order), problem.Summary, problem.Detail)
		}
	}
	return products, byCause(diags)
}

// aboutUnread is about something of Runa's that a plan could not be compared with: a
// warning, unless it is because of the API key. It is said once for all orders.
func (s *session) aboutUnread(what string, err error, warning diag.Diagnostics) diag.Diagnostics {
	if refusesKey(err) {
		what, warning = "API key", aboutRefusedKey(err, s.endpoint)
	}
	if !s.checks.Once(what) {
		return nil
	}
	return warning
}

func (s *session) checkClock() (diags diag.Diagnostics) {
	if err := s.checks.Clock(); err != nil && s.checks.Once("clock") {
		diags.Append(aboutClock(err)...)
	}
	return diags
}

// checkBeforeSending is the last look before an order is sent for the first time. It takes the
// order's sum from the run's limit, which release gives back.
func (s *session) checkBeforeSending(ctx context.Context, plan orderModel, minted bool) (release func(), diags diag.Diagnostics) {
	if !minted { // nobody has sent a key that this run made
		if err := s.checks.NeedTime(ctx); err != nil {
			return nil, aboutUntimed(plan, err, s.endpoint)
		}
	}
	release, err := s.spend(ctx, plan)
	if err != nil {
		return nil, aboutUnspendable(plan, err)
	}
	return release, nil
}

// checkSum adds an order to what the plan would spend.
func (s *session) checkSum(ctx context.Context, order catalog.Order, products map[string]catalog.Product, plan orderModel) (diags diag.Diagnostics) {
	if order.Currency == "" {
		return nil
	}
	amount, err := s.checks.Amount(ctx, order, products)
	diags.Append(s.checkLimit(order.Currency, orderTitle(plan), amount, err)...)
	if err == nil {
		diags.Append(s.checkBalance(ctx, order.Currency, len(products) > 0)...)
	}
	return diags
}

// checkLimit adds an amount to what the plan would spend, unless it is not known because
// of an error.
func (s *session) checkLimit(currency, name string, amount decimal.Decimal, unknown error) (diags diag.Diagnostics) {
	if unknown != nil {
		if s.checks.Limited(currency) {
			diags.Append(aboutUnknownSum(currency, unknown)...)
		}
		return diags
	}
	err := s.checks.Plan(currency, purchase.Expense{Name: name, Amount: amount})
	if over := (*purchase.OverBudgetError)(nil); errors.As(err, &over) {
		diags.Append(aboutPlanOverLimit(over)...)
	}
	return diags
}

// checkBalance compares what the plan would spend with what the account holds. A key that
// Runa has just answered may not be allowed to read balances, which is no reason to
// refuse the plan.
func (s *session) checkBalance(ctx context.Context, currency string, answered bool) (diags diag.Diagnostics) {
	err, short := s.checks.Covered(ctx, currency), (*preflight.ShortBalance)(nil)
	switch {
	case err == nil:
	case errors.As(err, &short):
		if s.checks.Once("balance " + currency) {
			diags.Append(aboutShortBalance(short, s.requireBalance)...)
		}
	case !answered:
		diags.Append(s.aboutUnread("balance "+currency, err, aboutUnknownBalance(currency, err))...)
	case s.checks.Once("balance " + currency):
		diags.Append(aboutUnknownBalance(currency, err)...)
	}
	return diags
}

// draft is a plan as the catalogue's rules see it.
func draft(plan orderModel) catalog.Order {
	order := catalog.Order{
		Currency: text(plan.PaymentMethod, "currency"),
		Sync:     plan.ExecutionMode.ValueString() == string(client.ModeSync) || plan.ExecutionMode.IsUnknown(),
	}
	for _, element := range plan.Items.Elements() {
		order.Items = append(order.Items, draftItem(element.(types.Object)))
	}
	return order
}

func draftItem(object types.Object) (item catalog.Item) {
	if object.IsUnknown() || object.IsNull() {
		return item
	}
	fields := object.Attributes()
	if number := fields["face_value"].(types.Number); !number.IsUnknown() && !number.IsNull() {
		value, _ := faceValue(number)
		item.FaceValue = &value
	}
	item.Delivery = text(fields["distribution_method"], "type")
	products, _ := fields["products"].(types.Object)
	if products.IsUnknown() || products.IsNull() {
		return item
	}
	usage := products.Attributes()["usage_config"].(types.Object)
	item.SpendRules = !usage.IsNull() && !usage.IsUnknown()
	switch text(products, "type") {
	case single:
		item.Codes = []string{text(products, "value")}
	case multiple:
		item.Choice = true
		for _, code := range products.Attributes()["values"].(types.List).Elements() {
			item.Codes = append(item.Codes, code.(types.String).ValueString())
		}
	}
	return item
}

// pathOf is the attribute that an order's problem is about.
func pathOf(problem catalog.Problem, order catalog.Order) path.Path {
	at := path.Root("items").AtListIndex(max(problem.Item, 0))
	switch problem.Field {
	case catalog.FieldCode:
		products := at.AtName("products")
		if order.Items[problem.Item].Choice {
			return products.AtName("values").AtListIndex(problem.Code)
		}
		return products.AtName("value")
	case catalog.FieldFaceValue:
		return at.AtName("face_value")
	case catalog.FieldDelivery:
		return at.AtName("distribution_method").AtName("type")
	case catalog.FieldSpendRules:
		return at.AtName("products").AtName("usage_config")
	case catalog.FieldCurrency:
		return path.Root("payment_method").AtName("currency")
	case catalog.FieldMode:
		return path.Root("execution_mode")
	default:
		return path.Root("items")
	}
}

// orderTitle says which order is meant in a list of orders. Terraform does not tell a
// provider a resource's address.
func orderTitle(m orderModel) string {
	var codes []string
	for _, item := range draft(m).Items {
		codes = append(codes, strings.Join(item.Codes, " or "))
	}
	what := fmt.Sprintf("%d × ", len(codes))
	if len(codes) > 0 {
		what += codes[0]
	}
	if description := m.Description.ValueString(); description != "" {
		what += fmt.Sprintf(", %q", description)
	}
	if key := m.IdempotencyKey.ValueString(); key != "" {
		what += ", key " + key
	}
	return what
}

// spend takes an order's sum from the run's limit, or says why it cannot. Release gives it
// back.
func (s *session) spend(ctx context.Context, m orderModel) (release func(), err error) {
	order := draft(m)
	return s.checks.Spend(order.Currency, orderTitle(m), func() (decimal.Decimal, error) { return s.checks.Cost(ctx, order) })
}
