package sandbox

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox/wire"
)

// contentResources are a product's texts, as links, Markdown or HTML (6.1). They
// are made up when they are asked for.
type contentResources struct {
	code, name, locale string
	sparse             bool   // only the texts that are never null, and the buyer's terms
	flavour            string // "url", "md" or "html"; "" is url
}

// contentStems are the texts in the order of the wire; the locale stands third.
var contentStems = []string{
	"description", "disclaimer", "locale", "refund_policy", "reissuance_policy",
	"terms_buyer", "terms_consumer", "redemption_instructions",
}

// contentSuffixes are what the three flavours add to a stem.
var contentSuffixes = map[string]string{"url": "_markdown_url", "md": "_md", "html": "_html"}

// MarshalJSON writes the texts in the flavour asked for.
func (c contentResources) MarshalJSON() ([]byte, error) {
	flavour := c.flavour
	if flavour == "" {
		flavour = "url"
	}
	var b bytes.Buffer
	b.WriteByte('{')
	for i, stem := range contentStems {
		if i > 0 {
			b.WriteByte(',')
		}
		if stem == "locale" {
			fmt.Fprintf(&b, `"locale":%s`, wire.JSON(c.locale))
			continue
		}
		fmt.Fprintf(&b, `"%s%s":%s`, stem, contentSuffixes[flavour], wire.JSON(c.text(stem, flavour)))
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// text is one text, or nil where the product has none.
func (c contentResources) text(stem, flavour string) any {
	switch stem {
	case "disclaimer", "refund_policy", "reissuance_policy":
		if c.sparse {
			return nil
		}
	}
	title := strings.ReplaceAll(stem, "_", " ")
	switch flavour {
	case "md":
		return fmt.Sprintf("# %s\n\nThe %s of %s. *Not a real product.*\n", c.name, title, c.name)
	case "html":
		return fmt.Sprintf("<h1>%s</h1>\n<p>The %s of %s. <em>Not a real product.</em></p>\n", c.name, title, c.name)
	}
	return fmt.Sprintf("https://cdn.example/%s/%s.md", c.code, stem)
}
