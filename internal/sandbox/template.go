package sandbox

// choiceTemplate is a product selection template of the playground (PLAY, 9.2). One's
// own templates do not work there.
type choiceTemplate struct {
	id, country string
}

// templateSize is how many products each of them offers.
const templateSize = 10

// playgroundTemplates are the playground's four, one a currency.
var playgroundTemplates = []choiceTemplate{
	{"PT-01HQ12PV4B8XMBRTK281JM54KK", "US"},
	{"PT-01HPPT8ME05693EG77RCGKMX7N", "GB"},
	{"PT-01HQ130AHCKRRB45Z5XV2Y8W9K", "DE"},
	{"PT-01HQ12SMX2964BVXG2N69K8HF3", "CA"},
}

// The product selection templates of a sandbox in production mode, where customers
// have their own (PST, 3.1) and the playground's are unknown (9.2). They are made
// up: one in USD, one in GBP, of products that are always there.
const (
	TemplateUSD = "PT-01SANDB0X00000000000000001"
	TemplateGBP = "PT-01SANDB0X00000000000000002"
)

var productionTemplates = map[string][]string{
	TemplateUSD: {"ACME-US", "BOLT-US", "HINT-US"},
	TemplateGBP: {"SHOE-GB", "TEA-GB"},
}
