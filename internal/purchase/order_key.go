package purchase

import (
	"encoding/json"

	"github.com/google/uuid"
)

// OrderKeyNamespace is the namespace of every order key: the UUIDv5 of this project's
// address. It must never change: the same reward would get another key, and be bought
// again.
const OrderKeyNamespace = "8a88d31b-36b6-5232-a8dd-910c8362b75e"

// OrderKey is the idempotency key of what the parts identify: a UUIDv5 of the parts' JSON,
// in which no two lists of valid UTF-8 look alike.
func OrderKey(parts []string) (string, error) {
	list, err := json.Marshal(parts)
	if err != nil {
		return "", err
	}
	return uuid.NewSHA1(uuid.MustParse(OrderKeyNamespace), list).String(), nil
}
