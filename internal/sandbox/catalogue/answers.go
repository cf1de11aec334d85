package catalogue

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox/wire"
)

// productFilter is what a caller wants of the catalogue. Repeated values of one
// parameter widen it, different parameters narrow it (D, 1.6).
type productFilter struct {
	orderable  bool
	countries  []string
	categories []string
}

// List answers GET /product. A parameter code, which existed until July
// 2025, is ignored, as every unknown one (1.6).
func (c *Catalogue) List(query url.Values, version string) wire.Answer {
	filter, err := readFilter(query)
	if err != nil {
		return wire.Refuse(http.StatusBadRequest, "bad_request", err.Error(), "")
	}
	page, err := wire.ReadPage(query, 500)
	if err != nil {
		return wire.PaginationError(err)
	}
	c.mu.RLock()
	defer c.mu.RUnlock()
	found, err := wire.Window(c.products, page, c.split, func(p *Product) bool {
		now, onSale := c.current(p)
		return onSale && filter.accepts(now)
	})
	if err != nil {
		return wire.PaginationError(err)
	}
	products := make([]json.RawMessage, len(found))
	for i, p := range found {
		products[i] = c.patched(p).render("url", version)
	}
	return wire.Reply(http.StatusOK, struct {
		Catalog    []json.RawMessage `json:"catalog"`
		Pagination wire.Pagination   `json:"pagination"`
	}{products, wire.Paginate(found, page, func(p *Product) string { return p.Code })})
}

// split finds a cursor, which is a product's code (REC, 2). The product itself may
// have been withdrawn since.
func (b *base) split(cursor string) (before, upTo int, err error) {
	if !productCodePattern.MatchString(cursor) {
		return 0, 0, errors.New("the cursor is not one of ours")
	}
	before = sort.Search(len(b.products), func(i int) bool { return b.products[i].Code >= cursor })
	upTo = sort.Search(len(b.products), func(i int) bool { return b.products[i].Code > cursor })
	return before, upTo, nil
}

// readFilter reads the filters of the list.
func readFilter(query url.Values) (productFilter, error) {
	f := productFilter{countries: query["countries_redeemable_in"], categories: query["categories"]}
	if query.Has("is_orderable") {
		var err error
		if f.orderable, err = strconv.ParseBool(query.Get("is_orderable")); err != nil {
			return f, errors.New("is_orderable must be true or false")
		}
	}
	for _, c := range f.countries {
		if !countryPattern.MatchString(c) {
			return f, fmt.Errorf("countries_redeemable_in: %q is not two capital letters", c)
		}
	}
	return f, nil
}

// accepts tells whether a product passes the filter.
func (f productFilter) accepts(p *Product) bool {
	return (!f.orderable || p.IsOrderable) && anyOf(f.countries, p.Countries) && anyOf(f.categories, p.Categories)
}

// anyOf tells whether something wanted is there; wanting nothing takes everything.
func anyOf(wanted, there []string) bool {
	return len(wanted) == 0 || slices.ContainsFunc(wanted, func(w string) bool { return slices.Contains(there, w) })
}

// Get answers GET /product/{product_code}; content says in which format its texts come
// (SPEC, 1.6).
func (c *Catalogue) Get(code string, query url.Values, version string) wire.Answer {
	format := "url"
	if query.Has("content") {
		format = query.Get("content")
	}
	if _, ok := contentSuffixes[format]; !ok {
		return wire.Refuse(http.StatusBadRequest, "bad_request", "content must be url, md or html.", "")
	}
	p, ok := c.Find(code)
	if !ok {
		return wire.Refuse(http.StatusNotFound, "not_found", "There is no such product.", "")
	}
	return wire.Answer{Status: http.StatusOK, Body: p.render(format, version)}
}

// ListCountries answers GET /product/countries (6.3).
func (c *Catalogue) ListCountries() wire.Answer {
	return wire.Reply(http.StatusOK, map[string]any{"countries": c.countries})
}

// ListCategories answers GET /product/categories.
func (c *Catalogue) ListCategories() wire.Answer {
	all := make([]category, len(categories))
	for i, code := range categories {
		all[i].Code = code
	}
	return wire.Reply(http.StatusOK, map[string]any{"categories": all})
}

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
