package catalogue

import "slices"

// country is where generated products are redeemable, and how they are priced and
// described there.
type country struct {
	code, currency, locale string
	weight                 int // how large its share of the catalogue is
}

// countries are the documented example of GET /product/countries, the rest of the
// CTRY table (10), and two more whose currency is a payout currency.
var countries = []country{
	{"US", "USD", "en_US", 6},
	{"GB", "GBP", "en_GB", 5},
	{"DE", "EUR", "de_DE", 4},
	{"CA", "CAD", "en_CA", 3},
	{"FR", "EUR", "fr_FR", 3},
	{"ES", "EUR", "es_ES", 2},
	{"IT", "EUR", "it_IT", 2},
	{"NL", "EUR", "nl_NL", 2},
	{"AU", "AUD", "en_AU", 2},
	{"JP", "JPY", "ja_JP", 2},
	{"SE", "SEK", "sv_SE", 2},
	{"PL", "PLN", "pl_PL", 2},
	{"AE", "AED", "ar_AE", 1},
	{"AR", "ARS", "es_AR", 1},
	{"AT", "EUR", "de_AT", 1},
	{"BE", "EUR", "fr_BE", 1},
	{"BR", "BRL", "pt_BR", 1},
	{"CH", "CHF", "de_CH", 1},
	{"CL", "CLP", "es_CL", 1},
	{"CN", "CNY", "zh_CN", 1},
	{"CO", "COP", "es_CO", 1},
	{"CZ", "CZK", "cs_CZ", 1},
	{"DK", "DKK", "da_DK", 1},
	{"FI", "EUR", "fi_FI", 1},
	{"GR", "EUR", "el_GR", 1},
	{"HU", "HUF", "hu_HU", 1},
	{"IE", "EUR", "en_IE", 1},
	{"IL", "ILS", "he_IL", 1},
	{"IN", "INR", "en_IN", 1},
	{"KR", "KRW", "ko_KR", 1},
	{"LU", "EUR", "fr_LU", 1},
	{"MX", "MXN", "es_MX", 1},
	{"MY", "MYR", "ms_MY", 1},
	{"NO", "NOK", "nb_NO", 1},
	{"NZ", "NZD", "en_NZ", 1},
	{"PE", "PEN", "es_PE", 1},
	{"PT", "EUR", "pt_PT", 1},
	{"RO", "RON", "ro_RO", 1},
	{"SA", "SAR", "ar_SA", 1},
	{"SG", "SGD", "en_SG", 1},
	{"SI", "EUR", "sl_SI", 1},
	{"ZA", "ZAR", "en_ZA", 1},
}

// countryWheel has every country as often as its weight says.
var countryWheel = func() []country {
	var wheel []country
	for _, c := range countries {
		for range c.weight {
			wheel = append(wheel, c)
		}
	}
	return wheel
}()

// countryOf finds a country by its code.
func countryOf(code string) country {
	for _, c := range countries {
		if c.code == code {
			return c
		}
	}
	panic("sandbox: no country " + code)
}

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

// IsCategory tells whether there is such a category.
func IsCategory(code string) bool { return slices.Contains(categories, code) }
