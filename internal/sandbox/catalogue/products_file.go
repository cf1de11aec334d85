package catalogue

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox/money"
	"github.com/runa-community/terraform-provider-runa/internal/sandbox/wire"
)

// readProducts reads a products file, as Runa writes products (6.1): a page of GET
// /product, a list of products, or one product.
func readProducts(text []byte) ([]*Product, error) {
	if len(bytes.TrimSpace(text)) == 0 {
		return nil, nil
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var whole any
	if err := decoder.Decode(&whole); err != nil {
		return nil, fmt.Errorf("the products are not JSON: %w", err)
	}
	if page, ok := whole.(map[string]any); ok && page["catalog"] != nil {
		whole = page["catalog"]
	}
	list, ok := whole.([]any)
	if !ok {
		list = []any{whole}
	}
	var products []*Product
	codes := map[string]bool{}
	for i, one := range list {
		p, err := readProduct(one)
		if err == nil && codes[p.Code] {
			err = errors.New("there is another product of this code")
		}
		if err != nil {
			name := "?"
			if p != nil {
				name = cmp.Or(p.Code, name)
			}
			return nil, fmt.Errorf("product %d (%s): %w", i+1, name, err)
		}
		codes[p.Code] = true
		products = append(products, p)
	}
	return products, nil
}

func readProduct(one any) (*Product, error) {
	p := &Product{State: stateLive, DiscountMultiplier: "0.0000", custom: true}
	if err := json.Unmarshal(wire.JSON(textAmounts(one)), p); err != nil {
		return p, err
	}
	texts := contentResources{code: p.Code, name: p.Name, locale: "en_US"}
	err := p.addTexts(texts)
	if err == nil {
		err = p.check()
	}
	return p, err
}

// addTexts looks for the object that is named after the payout type, and gives it texts.
func (p *Product) addTexts(texts contentResources) error {
	var there bool
	switch p.PayoutType {
	case PayoutGiftCard:
		if there = p.GiftCard != nil; there {
			p.GiftCard.Content = texts
		}
	case payoutSubscription:
		if there = p.Subscription != nil; there {
			p.Subscription.Content = texts
		}
	case PayoutPayment:
		if there = p.Payment != nil; there {
			p.Payment.Content = texts
		}
	default:
		return fmt.Errorf("payout_type must be %s, %s or %s", PayoutGiftCard, payoutSubscription, PayoutPayment)
	}
	if !there {
		return fmt.Errorf("a product of payout_type %s needs the object %[1]s", p.PayoutType)
	}
	return nil
}

// check says what the sandbox could not sell.
func (p *Product) check() error {
	var wrong []error
	if !productCodePattern.MatchString(p.Code) {
		wrong = append(wrong, errors.New("code must be in capital letters and digits, with a dash, such as AMZ-US"))
	}
	if p.Name == "" {
		wrong = append(wrong, errors.New("name is missing"))
	}
	if !money.Known(p.Currency) {
		wrong = append(wrong, errors.New("currency is none that Runa knows"))
	}
	for _, country := range p.Countries {
		if !countryPattern.MatchString(country) {
			wrong = append(wrong, errors.New("countries_redeemable_in must be codes of two capital letters"))
			break
		}
	}
	if !discountPattern.MatchString(p.DiscountMultiplier) {
		wrong = append(wrong, errors.New("discount_multiplier must be a decimal from 0 to 1 with up to four decimals"))
	}
	return errors.Join(append(wrong, p.checkAmounts())...)
}

func (p *Product) checkAmounts() error {
	var amounts []string
	switch p.PayoutType {
	case PayoutGiftCard:
		d := p.GiftCard.Denominations
		if err := d.check(); err != nil {
			return err
		}
		amounts = append([]string{d.MinimumValue, d.MaximumValue}, d.AvailableList...)
	case payoutSubscription:
		if len(p.Subscription.Plans) == 0 {
			return errors.New("subscription_plans is empty")
		}
		for _, plan := range p.Subscription.Plans {
			amounts = append(amounts, plan.Price)
		}
	case PayoutPayment:
		amounts = []string{p.Payment.Denominations.MinimumValue, p.Payment.Denominations.MaximumValue}
	}
	for _, amount := range amounts {
		if _, err := decimal.NewFromString(amount); err != nil {
			return errors.New("an amount of it is missing or is no number")
		}
	}
	return nil
}

// textAmounts is JSON in which amounts are text. They occur as numbers, too (14.11).
func textAmounts(value any) any {
	switch value := value.(type) {
	case map[string]any:
		for name, member := range value {
			switch name {
			case "content_resources": // its own are made up
				delete(value, name)
			case "length", "in_months": // no amounts
			default:
				value[name] = textAmounts(member)
			}
		}
	case []any:
		for i, member := range value {
			value[i] = textAmounts(member)
		}
	case json.Number:
		return value.String()
	}
	return value
}
