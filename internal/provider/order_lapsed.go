package provider

import (
	"context"
	"strconv"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/runa-community/terraform-provider-runa/internal/preflight"
	"github.com/runa-community/terraform-provider-runa/internal/purchase"
)

// An order that leaves the state and comes back under its key is bought once while Runa
// remembers the key: see preflight.Lapsed. After that the plan is refused; and where a plan
// could not see it, so is the destruction, because what has left the state would be bought by
// the next apply.

// checkLapsed refuses to create an order under a key that would buy again.
func (s *session) checkLapsed(key string) diag.Diagnostics {
	if s == nil || key == "" {
		return nil
	}
	if order, lapsed := s.checks.Lapsed(key); lapsed {
		return aboutLapsedKey(order)
	}
	return nil
}

// noteBought notes what an order's key has bought, or may have.
func (s *session) noteBought(m orderModel, how preflight.Bought) {
	if key := m.IdempotencyKey.ValueString(); key != "" && standingOf(m) != purchase.Closed {
		how.Name, how.At = describeOrder(m), m.boughtAt()
		s.checks.NoteBought(key, how)
	}
}

// boughtAt is when an order was bought, or first sent; zero if neither is known.
func (m orderModel) boughtAt() time.Time {
	for _, text := range []string{m.CreatedAt.ValueString(), text(m.Submission, "submitted_at")} {
		if at, err := time.Parse(time.RFC3339, text); err == nil {
			return at
		}
	}
	return time.Time{}
}

// privateRecreated is the key under which a plan creates an order. Where the plan replaces
// one, a CLI hands it to the destruction as well, which comes first.
const privateRecreated = "recreated"

func keepRecreated(ctx context.Context, store privateWriter, key string) diag.Diagnostics {
	if key == "" {
		return store.SetKey(ctx, privateRecreated, nil)
	}
	return store.SetKey(ctx, privateRecreated, []byte(strconv.Quote(key)))
}

// checkRecreated refuses to destroy an order that is to be created again under a key that
// would buy it a second time.
func (s *session) checkRecreated(ctx context.Context, store privateReader, m orderModel) diag.Diagnostics {
	recreated, diags := store.GetKey(ctx, privateRecreated)
	key := m.IdempotencyKey.ValueString()
	if diags.HasError() || key == "" || string(recreated) != strconv.Quote(key) || standingOf(m) == purchase.Closed {
		return diags
	}
	if at := m.boughtAt(); s.checks.Old(at) {
		return aboutLapsedKey(preflight.Bought{Name: describeOrder(m), At: at})
	}
	return nil
}
