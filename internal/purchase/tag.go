package purchase

import (
	"maps"
	"strconv"
	"unicode/utf8"

	"github.com/runa-community/terraform-provider-runa/internal/client"
)

const (
	// TagName is the metadata entry under which an order carries its reward's key.
	TagName = "terraform_order_key"
	// AttemptTagName is the metadata entry with the number of the attempt, from the second on.
	AttemptTagName = "terraform_order_attempt"
	// MaxMetadata is how many pairs of metadata an order can have (SPEC, POST /order).
	MaxMetadata = 20
	// maxTag is how long a value of metadata can be (SPEC, POST /order).
	maxTag = 200
)

// tagOf is what an attempt is found again by.
func tagOf(key string, attempt int) map[string]string {
	tag := map[string]string{TagName: key}
	if attempt > 1 {
		tag[AttemptTagName] = strconv.Itoa(attempt)
	}
	return tag
}

// tagged adds the tag to the user's own metadata. A tag that does not fit whole is
// left out whole: half of it would be taken for another attempt's.
func tagged(metadata map[string]string, key string, attempt int) map[string]string {
	tag := tagOf(key, attempt)
	if len(metadata)+len(tag) > MaxMetadata || utf8.RuneCountInString(key) > maxTag {
		return metadata
	}
	maps.Copy(tag, metadata)
	return tag
}

// TagOf reads an order's tag: the reward's key and the attempt. The key is "" where
// the order has none, or one that this provider never writes.
func TagOf(metadata map[string]string) (key string, attempt int) {
	written, further := metadata[AttemptTagName]
	if !further {
		return metadata[TagName], 1
	}
	attempt, err := strconv.Atoi(written)
	if err != nil || attempt < 2 || metadata[TagName] == "" {
		return "", 0
	}
	return metadata[TagName], attempt
}

// Untagged is an order's metadata without the tag: the user's own labels.
func Untagged(order client.Order) map[string]string {
	labels := maps.Clone(order.Metadata)
	delete(labels, TagName)
	delete(labels, AttemptTagName)
	return labels
}
