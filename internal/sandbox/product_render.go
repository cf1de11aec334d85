package sandbox

import (
	"encoding/json"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox/wire"
)

// seal writes the product's usual JSON once, so that list pages need not.
func (p *product) seal() *product {
	p.wire = wire.JSON(p)
	return p
}

// render is the product as JSON, for a content flavour and an API version.
func (p *product) render(flavour, version string) json.RawMessage {
	if flavour == "url" && version != version20260908 {
		return p.wire
	}
	other := p.clone()
	if other.Payment != nil {
		other.Payment.Content.flavour = flavour
	} else {
		other.common().Content.flavour = flavour
	}
	if version == version20260908 {
		other.stampImages()
	}
	return wire.JSON(other)
}

// clone copies everything that render and patches change.
func (p *product) clone() *product {
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
func (p *product) common() *card {
	if p.Subscription != nil {
		return &p.Subscription.card
	}
	return &p.GiftCard.card
}

// stampImages adds the cache-buster of version 2026-09-08 to the image links (V26,
// 1.8).
func (p *product) stampImages() {
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
