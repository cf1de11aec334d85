package sandbox

import (
	"net/http"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox/wire"
)

// categories are all 17, in the documented order (6.2).
var categories = []string{
	"beauty-and-lifestyle", "booksellers", "department-stores", "electricals", "entertainment", "experiences",
	"fashion", "food-and-drink", "home-and-diy", "jewellers", "leisure-and-sports", "mens-fashion",
	"prepaid-card", "supermarkets", "toys-and-games", "travel", "womens-fashion",
}

// category is a category on the wire.
type category struct {
	Code string `json:"code"`
}

// listCategories answers GET /product/categories.
func (s *Sandbox) listCategories(*call) wire.Answer {
	all := make([]category, len(categories))
	for i, code := range categories {
		all[i].Code = code
	}
	return wire.Reply(http.StatusOK, map[string]any{"categories": all})
}
