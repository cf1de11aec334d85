package sandbox

import "net/http"

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
func (s *Sandbox) listCategories(*call) answer {
	all := make([]category, len(categories))
	for i, code := range categories {
		all[i].Code = code
	}
	return reply(http.StatusOK, map[string]any{"categories": all})
}
