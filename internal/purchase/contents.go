package purchase

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/runa-community/terraform-provider-runa/internal/client"
)

// differences names the parts in which an order is not what a request asked for,
// never their values: they may be an e-mail address. What Runa does not show is not
// compared.
func differences(order client.Order, body []byte) (differ []string) {
	var asked requested
	if err := json.Unmarshal(body, &asked); err != nil {
		return []string{"the request cannot be read"}
	}
	check := func(same bool, name string) {
		if !same {
			differ = append(differ, name)
		}
	}
	check(order.Currency == "" || order.Currency == asked.PaymentMethod.Currency, "payment_method.currency")
	check(order.Description == asked.Description, "description")
	check(maps.Equal(Untagged(order), Untagged(client.Order{Metadata: asked.Metadata})), "metadata")
	if len(order.Items) == 0 {
		return differ // a failed order may show none
	}
	if len(order.Items) != len(asked.Items) {
		return append(differ, "items")
	}
	for i, item := range order.Items {
		for _, name := range asked.Items[i].differences(item) {
			differ = append(differ, fmt.Sprintf("items[%d].%s", i, name))
		}
	}
	return differ
}

// requested is a request as it was written by client.OrderRequest.Encode.
type requested struct {
	PaymentMethod client.PaymentMethod `json:"payment_method"`
	Items         []requestedItem      `json:"items"`
	Description   string               `json:"description"`
	Metadata      map[string]string    `json:"metadata"`
}

type requestedItem struct {
	FaceValue          decimal.Decimal           `json:"face_value"`
	DistributionMethod client.DistributionMethod `json:"distribution_method"`
	Products           client.Products           `json:"products"`
}

func (i requestedItem) differences(item client.OrderedItem) (differ []string) {
	if item.FaceValue != "" && !item.FaceValue.Decimal().Equal(i.FaceValue) {
		differ = append(differ, "face_value")
	}
	if !sameDelivery(i.DistributionMethod, item.DistributionMethod) {
		differ = append(differ, "distribution_method")
	}
	if !sameProducts(i.Products, item.Products) {
		differ = append(differ, "products")
	}
	return differ
}

func sameDelivery(asked, got client.DistributionMethod) bool {
	return got.Type == "" || got.Type == asked.Type && strings.EqualFold(got.EmailAddress, asked.EmailAddress) &&
		got.RecipientReference == asked.RecipientReference && (got.TemplateID == "" || got.TemplateID == asked.TemplateID)
}

func sameProducts(asked, got client.Products) bool {
	switch {
	case got.Type != asked.Type:
		return got.Type == "" || got.Type == "UNKNOWN" // Runa no longer says
	case len(asked.Values) > 0:
		return slices.Equal(slices.Sorted(slices.Values(asked.Values)), slices.Sorted(slices.Values(got.Values)))
	}
	return got.Value == asked.Value && got.TemplateID == asked.TemplateID
}
