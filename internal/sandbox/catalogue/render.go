package catalogue

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox/wire"
)

// encode writes the product's usual JSON once, so that list pages need not.
func (p *Product) encode() *Product {
	p.wire = wire.JSON(p)
	return p
}

// render is the product as JSON, for a content format and an API version.
func (p *Product) render(format, version string) json.RawMessage {
	if format == "url" && version != wire.Version20260908 {
		return p.wire
	}
	other := p.clone()
	if other.Payment != nil {
		other.Payment.Content.format = format
	} else {
		other.common().Content.format = format
	}
	if version == wire.Version20260908 {
		other.stampImages()
	}
	return wire.JSON(other)
}

// clone copies everything that render and patches change.
func (p *Product) clone() *Product {
	other := *p
	switch {
	case p.GiftCard != nil:
		copied := *p.GiftCard
		other.GiftCard = &copied
	case p.Subscription != nil:
		copied := *p.Subscription
		other.Subscription = &copied
	case p.Payment != nil:
		copied := *p.Payment
		other.Payment = &copied
	}
	return &other
}

// common is what gift cards and subscriptions share.
func (p *Product) common() *card {
	if p.Subscription != nil {
		return &p.Subscription.card
	}
	return &p.GiftCard.card
}

// stampImages adds the cache-buster of version 2026-09-08 to the image links (V26,
// 1.8).
func (p *Product) stampImages() {
	const buster = "?v=1"
	if p.Payment != nil {
		p.Payment.Assets.IconImageURL += buster
		return
	}
	stamp := func(link **string) {
		if *link != nil {
			*link = new(**link + buster)
		}
	}
	stamp(&p.common().Assets.CardImageURL)
	stamp(&p.common().Assets.IconImageURL)
}

// contentResources are a product's texts, as links, Markdown or HTML (6.1). They
// are made up when they are asked for.
type contentResources struct {
	code, name, locale string
	sparse             bool   // only the texts that are never null, and the buyer's terms
	format             string // "url", "md" or "html"; "" is url
}

// contentStems are the texts in the order of the wire; the locale stands third.
var contentStems = []string{
	"description", "disclaimer", "locale", "refund_policy", "reissuance_policy",
	"terms_buyer", "terms_consumer", "redemption_instructions",
}

// contentSuffixes are what the three formats add to a stem.
var contentSuffixes = map[string]string{"url": "_markdown_url", "md": "_md", "html": "_html"}

// MarshalJSON writes the texts in the format asked for.
func (c contentResources) MarshalJSON() ([]byte, error) {
	format := c.format
	if format == "" {
		format = "url"
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
		fmt.Fprintf(&b, `"%s%s":%s`, stem, contentSuffixes[format], wire.JSON(c.text(stem, format)))
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// text is one text, or nil where the product has none.
func (c contentResources) text(stem, format string) any {
	switch stem {
	case "disclaimer", "refund_policy", "reissuance_policy":
		if c.sparse {
			return nil
		}
	}
	title := strings.ReplaceAll(stem, "_", " ")
	switch format {
	case "md":
		return fmt.Sprintf("# %s\n\nThe %s of %s. *Not a real product.*\n", c.name, title, c.name)
	case "html":
		return fmt.Sprintf("<h1>%s</h1>\n<p>The %s of %s. <em>Not a real product.</em></p>\n", c.name, title, c.name)
	}
	return fmt.Sprintf("https://cdn.example/%s/%s.md", c.code, stem)
}
