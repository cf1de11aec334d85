package sandbox

// template is a product selection template of the playground (PLAY, 9.2). One's
// own templates do not work there.
type template struct {
	id, country string
}

// templateSize is how many products each of them offers.
const templateSize = 10

// templates are the playground's four, one a currency.
var templates = []template{
	{"PT-01HQ12PV4B8XMBRTK281JM54KK", "US"},
	{"PT-01HPPT8ME05693EG77RCGKMX7N", "GB"},
	{"PT-01HQ130AHCKRRB45Z5XV2Y8W9K", "DE"},
	{"PT-01HQ12SMX2964BVXG2N69K8HF3", "CA"},
}
