package provider

import (
	"iter"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/runa-community/terraform-provider-runa/internal/client"
)

// orderSearch says which orders are wanted. A zero field asks for nothing.
type orderSearch struct {
	status   string
	from, to time.Time // from is in, to is out
	limit    int
}

// ordersFilterModel is what selects orders, wherever they are listed.
type ordersFilterModel struct {
	Status        types.String      `tfsdk:"status"`
	CreatedAfter  timetypes.RFC3339 `tfsdk:"created_after"`
	CreatedBefore timetypes.RFC3339 `tfsdk:"created_before"`
}

const (
	statusFilterDoc  = "Only orders with this status: `PROCESSING`, `COMPLETED`, `FAILED`, or any other that Runa has. Default: any status."
	createdAfterDoc  = "Only orders created at this time or later (RFC 3339, such as `2026-05-01T00:00:00Z`). Default: from the first order on."
	createdBeforeDoc = "Only orders created before this time (RFC 3339). Must be later than `created_after`. Default: up to now."
)

// check refuses a range in which nothing lies.
func (m ordersFilterModel) check() diag.Diagnostics {
	wanted, diags := m.toSearch(0)
	if !diags.HasError() && !wanted.from.IsZero() && !wanted.to.IsZero() && !wanted.from.Before(wanted.to) {
		return aboutEmptyRange()
	}
	return nil
}

// toSearch takes a limit of 0 for none.
func (m ordersFilterModel) toSearch(limit int64) (search orderSearch, diags diag.Diagnostics) {
	moment := func(value timetypes.RFC3339) time.Time {
		if value.IsNull() || value.IsUnknown() {
			return time.Time{}
		}
		when, more := value.ValueRFC3339Time()
		diags.Append(more...)
		return when
	}
	return orderSearch{m.Status.ValueString(), moment(m.CreatedAfter), moment(m.CreatedBefore), int(limit)}, diags
}

// ordersPerPage is how many orders a page has. Those of a page that was read cost
// nothing more to look at.
const ordersPerPage = 500

// in takes the orders that are wanted out of a list, and stops as soon as no more
// can come. Nobody promises that the newest come first: time ends a search only at
// the end of a page, and only while everything seen so far kept to it.
func (s orderSearch) in(orders iter.Seq2[client.Order, error], now time.Time) (found []client.Order, err error) {
	var last time.Time
	seen, descending := 0, true
	for order, err := range orders {
		if err != nil {
			return nil, err
		}
		created := now // processing: it shows no time, and is new
		if when, err := time.Parse(time.RFC3339, order.CreatedAt); err == nil {
			created = when
			descending = descending && (last.IsZero() || !created.After(last))
			last = created
		}
		if s.wants(order, created) {
			if found = append(found, order); len(found) == s.limit {
				break
			}
		}
		if seen++; seen%ordersPerPage == 0 && descending && !last.IsZero() && last.Before(s.from) {
			break
		}
	}
	return found, nil
}

func (s orderSearch) wants(order client.Order, created time.Time) bool {
	return (s.status == "" || s.status == string(order.Status)) &&
		!created.Before(s.from) &&
		(s.to.IsZero() || created.Before(s.to))
}
