package provider

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/shopspring/decimal"

	"github.com/runa-community/terraform-provider-runa/internal/campaign"
	"github.com/runa-community/terraform-provider-runa/internal/catalog"
)

// campaignRules is what a campaign's rewards are dealt and checked by.
type campaignRules struct {
	session  *session
	currency string // paid in, "" where each order has its own
	products map[string]catalog.Product
	missing  func(string) string
	rows     map[string]int // by reward id, from 1
	quotes   map[string]decimal.Decimal
}

// rulesFor reads what the catalogue says of the products of the rewards that are unbought.
// Without it, nobody knows which of them can share an order, so it is an error where it
// cannot be read.
func (s *session) rulesFor(ctx context.Context, rewards, unbought []campaign.Reward, currency string) (*campaignRules, error) {
	r := &campaignRules{session: s, currency: currency, rows: make(map[string]int, len(rewards)), quotes: map[string]decimal.Decimal{}}
	seen := map[string]bool{}
	var codes []string
	for i, reward := range rewards {
		r.rows[reward.ID] = i + 1
	}
	for _, reward := range unbought {
		for _, code := range rewardCodes(reward) {
			if !seen[code] {
				seen[code] = true
				codes = append(codes, code)
			}
		}
	}
	var err error
	r.products, r.missing, err = s.catalog.Resolve(ctx, codes)
	return r, err
}

func rewardCodes(reward campaign.Reward) []string {
	products := reward.Item.Products
	if products.Type == single {
		return []string{products.Value}
	}
	return products.Values
}

// groupOf says with which others a reward can share an order: those of the same
// currency and countries, or of the same template, whose products only Runa knows.
func (r *campaignRules) groupOf(reward campaign.Reward) campaign.Group {
	if id := reward.Item.Products.TemplateID; id != "" {
		return campaign.Group{Name: "template", Of: id, Pay: r.currency}
	}
	var countries []string
	var payout string
	for i, code := range rewardCodes(reward) {
		product, known := r.products[code]
		if !known {
			continue
		}
		payout = product.Currency
		if i == 0 {
			countries = product.CountriesRedeemableIn
			continue
		}
		countries = slices.DeleteFunc(slices.Clone(countries), func(c string) bool { return !slices.Contains(product.CountriesRedeemableIn, c) })
	}
	countries = slices.Sorted(slices.Values(countries))
	const shown = 3
	name := payout + " " + strings.Join(countries, ",")
	if len(countries) > shown {
		name = fmt.Sprintf("%s %d countries", payout, len(countries))
	}
	pay := cmp.Or(r.currency, payout)
	return campaign.Group{Name: name, Of: strings.Join(countries, ","), Pay: pay, Payout: payout, Alone: pay != payout}
}

// draftBatch is a batch as the catalogue's rules see it.
func draftBatch(batch *campaign.Batch) catalog.Order {
	order := catalog.Order{Currency: batch.Pay, Sync: batch.Alone}
	for _, reward := range batch.Rewards {
		value := reward.Item.FaceValue
		order.Items = append(order.Items, catalog.Item{
			FaceValue: &value, Delivery: reward.Item.DistributionMethod.Type, Codes: rewardCodes(reward),
			Choice: reward.Item.Products.Type == multiple, SpendRules: reward.Item.Products.UsageConfig != nil,
		})
	}
	return order
}

// check compares batches with the catalogue's rules.
func (r *campaignRules) check(batches []*campaign.Batch) (problems []campaign.Problem) {
	for _, batch := range batches {
		if batch.Pay == "" && batch.Rewards[0].Item.Products.TemplateID != "" {
			problems = append(problems, campaign.Problem{
				Row: r.rows[batch.Rewards[0].ID], ID: batch.Rewards[0].ID, Kind: "The currency of a template is not known",
				Text: "it uses a product selection template, and only Runa knows its currency. Set payment_method",
			})
			continue
		}
		if !r.session.rules && batch.Pay != "" {
			continue // else its products are not there, and nobody knows how to pay
		}
		for _, problem := range catalog.Check(draftBatch(batch), r.products, r.missing) {
			reward := batch.Rewards[max(problem.Item, 0)]
			problems = append(problems, campaign.Problem{
				Row: r.rows[reward.ID], ID: reward.ID, Kind: problem.Summary, Text: problem.Detail, Warning: problem.Warning,
			})
		}
	}
	return problems
}

// checkSums compares what a plan would spend with the limit and the balance.
func (r *campaignRules) checkSums(ctx context.Context, name string, batches []*campaign.Batch) (diags diag.Diagnostics) {
	s := r.session
	var currencies []string
	for _, batch := range batches {
		amount, err := r.amount(ctx, batch)
		diags.Append(s.checkLimit(batch.Pay, batchName(name, batch), amount, err)...)
		if err == nil && !slices.Contains(currencies, batch.Pay) {
			currencies = append(currencies, batch.Pay)
		}
	}
	for _, currency := range currencies {
		diags.Append(s.checkBalance(ctx, currency, len(r.products) > 0)...)
	}
	return diags
}

// spend takes a batch's sum from the run's limit, which release gives back.
func (r *campaignRules) spend(ctx context.Context, name string, batch *campaign.Batch) (release func(), err error) {
	return r.session.checks.Spend(batch.Pay, batchName(name, batch), func() (decimal.Decimal, error) { return r.amount(ctx, batch) })
}

// batchOf is a recorded order as the batch that it was, as far as its rewards are still
// in the list.
func (r *campaignRules) batchOf(order campaign.Order, rewards []campaign.Reward) *campaign.Batch {
	batch := &campaign.Batch{Number: order.Number, Attempt: order.Attempt}
	for _, id := range order.Rewards {
		if row := r.rows[id]; row > 0 {
			batch.Rewards = append(batch.Rewards, rewards[row-1])
			batch.Group = r.groupOf(rewards[row-1])
		}
	}
	batch.Pay = order.Currency
	return batch
}

// amount is what a batch costs at most. An exchange is quoted once for all rewards of
// the same product and value.
func (r *campaignRules) amount(ctx context.Context, batch *campaign.Batch) (decimal.Decimal, error) {
	if !batch.Alone || len(batch.Rewards) == 0 {
		return batch.Sum(), nil
	}
	reward := batch.Rewards[0]
	same := fmt.Sprint(batch.Pay, reward.Item.FaceValue, rewardCodes(reward), reward.Item.Products.TemplateID)
	if quote, known := r.quotes[same]; known {
		return quote, nil
	}
	quote, err := r.session.checks.Amount(ctx, draftBatch(batch), r.products)
	if err == nil {
		r.quotes[same] = quote
	}
	return quote, err
}

func batchName(name string, batch *campaign.Batch) string {
	return fmt.Sprintf("campaign %s, order %d (%s)", name, batch.Number, campaign.Count(len(batch.Rewards), "reward"))
}
