package purchase

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/runa-community/terraform-provider-runa/internal/client"
)

// errConflict says that a key first came with other contents.
var errConflict = refusal(400, client.TypeIdempotencyValidation)

// attemptAt is the intent of an attempt at one reward, as sent by the fake account.
func attemptAt(t *testing.T, attempt int, at time.Time) Intent {
	t.Helper()
	intent, err := NewIntent("7d0c", attempt, client.ModeAsync, reward(25), true)
	if err != nil {
		t.Fatal(err)
	}
	intent.attempted(at, at)
	return intent
}

// asAsked is what Runa shows of the reward that attemptAt asks for.
func asAsked(n, attempt int, at time.Time) client.Order {
	order := dated(n, at)
	order.Metadata = tagOf("7d0c", attempt)
	order.Items = []client.OrderedItem{{
		ID: "E-1", FaceValue: client.Amount("25.00"), DistributionMethod: client.DistributionMethod{Type: "PAYOUT_LINK"},
		Products: client.Products{Type: "SINGLE", Value: "BOLT-US"},
	}}
	return order
}

// conflictTest is a purchase that meets other contents with its key.
type conflictTest struct {
	api     *fakeAPI
	untag   bool
	verdict Verdict
	order   string
	differs []string
	search  error
}

func conflictTests() map[string]conflictTest {
	now := newFakeClock().Now()
	dearer := asAsked(1, 1, now.Add(-20*day))
	dearer.Items[0].FaceValue = "26.00"
	same := asAsked(1, 1, now)
	second := asAsked(2, 2, now)
	theirs := asAsked(1, 1, now)
	theirs.Metadata = tagOf("8e1d", 1)
	failed := asAsked(1, 1, now)
	failed.Status, failed.Items = client.StatusFailed, nil
	partly := asAsked(1, 1, now)
	partly.Status = client.StatusFailed
	partly.Items[0].PayoutLink = &client.PayoutLink{Status: "ACTIVE", URL: "https://spend.example"}
	broken := errors.New("the list is down")
	list := func(replies ...reply) []reply { return replies }

	return map[string]conflictTest{
		"found":                       {&fakeAPI{creates: list(says(errConflict)), listed: []client.Order{dearer}, reads: list(gives(dearer))}, false, NotBought, "O-1", []string{"items[0].face_value"}, nil},
		"found, differs in no way":    {&fakeAPI{creates: list(says(errConflict)), listed: []client.Order{same}, reads: list(gives(same))}, false, NotBought, "O-1", nil, nil},
		"none found":                  {&fakeAPI{creates: list(says(errConflict))}, false, NotBought, "", nil, nil},
		"another attempt's":           {&fakeAPI{creates: list(says(errConflict)), listed: []client.Order{second}, reads: list(gives(second))}, false, NotBought, "O-2", nil, nil},
		"failed for nothing":          {&fakeAPI{creates: list(says(errConflict)), listed: []client.Order{failed}, reads: list(gives(failed))}, false, NotBought, "", nil, nil},
		"failed, then another":        {&fakeAPI{creates: list(says(errConflict)), listed: []client.Order{failed, second}, reads: list(gives(failed), gives(second))}, false, NotBought, "O-2", nil, nil},
		"failed with a link":          {&fakeAPI{creates: list(says(errConflict)), listed: []client.Order{partly}, reads: list(gives(partly))}, false, NotBought, "O-1", nil, nil},
		"another reward's":            {&fakeAPI{creates: list(says(errConflict)), listed: []client.Order{theirs}, reads: list(gives(theirs))}, false, NotBought, "", nil, nil},
		"the search breaks":           {&fakeAPI{creates: list(says(errConflict)), listErr: broken}, false, NotBought, "", nil, broken},
		"without a tag":               {&fakeAPI{creates: list(says(errConflict)), listed: []client.Order{dearer}, reads: list(gives(dearer))}, true, NotBought, "O-1", []string{"items[0].face_value"}, nil},
		"after a lost answer":         {&fakeAPI{creates: list(says(errLost), says(errConflict)), listed: []client.Order{dearer}, reads: list(gives(dearer))}, false, Unconfirmed, "O-1", []string{"items[0].face_value"}, nil},
		"after a lost answer, none":   {&fakeAPI{creates: list(says(errLost), says(errConflict))}, false, Unconfirmed, "", nil, nil},
		"after what was never sent":   {&fakeAPI{creates: list(says(errUnsent), says(errConflict))}, false, NotBought, "", nil, nil},
		"after what was held":         {&fakeAPI{creates: list(says(throttled429), says(errConflict))}, false, NotBought, "", nil, nil},
		"after it was being placed":   {&fakeAPI{creates: list(says(refusal(409, "")), says(errConflict))}, false, Unconfirmed, "", nil, nil},
		"in the gateway's own words":  {&fakeAPI{creates: list(says(&client.APIError{Status: 400, Type: client.TypeIdempotencyValidation}))}, false, NotBought, "", nil, nil},
		"in words that are not known": {&fakeAPI{creates: list(says(refusal(400, "idempotency_error")))}, false, NotBought, "", nil, nil},
	}
}

// TestBuyConflict: the key has other contents. That closes nothing, and what is found
// of them is told.
func TestBuyConflict(t *testing.T) {
	for name, test := range conflictTests() {
		t.Run(name, func(t *testing.T) {
			intent, err := NewIntent("7d0c", 1, client.ModeAsync, reward(25), !test.untag)
			if err != nil {
				t.Fatal(err)
			}
			got := calm(test.api, newFakeClock()).Buy(t.Context(), intent, time.Minute, nil)
			if got.Verdict != test.verdict || got.Verdict.Closed() || got.Order.ID != "" {
				t.Errorf("Buy() = %s, closed: %t, order %q, error %v, want %s, not closed, no order", got.Verdict, got.Verdict.Closed(), got.Order.ID, got.Err, test.verdict)
			}
			var conflict *ConflictError
			if !errors.As(got.Err, &conflict) {
				if errors.Is(got.Err, errConflict) || test.api.lists > 0 {
					t.Errorf("the error is %T: %v, after %d searches, want a *ConflictError, or another error and no search", got.Err, got.Err, test.api.lists)
				}
				return
			}
			id := ""
			if conflict.Order != nil {
				id = conflict.Order.ID
			}
			if id != test.order || !slices.Equal(conflict.Differs, test.differs) || !errors.Is(conflict.Search, test.search) || conflict.Tagged == test.untag {
				t.Errorf("order %q, differs %v, search %v, tagged %t, want %q, %v, %v, %t",
					id, conflict.Differs, conflict.Search, conflict.Tagged, test.order, test.differs, test.search, !test.untag)
			}
			if !errors.Is(got.Err, errConflict) || got.Err.Error() != errConflict.Error() {
				t.Errorf("the error says %q, want %q", got.Err, errConflict)
			}
		})
	}
}

// TestBuyConflictInTime: looking for whose key it is ends with the purchase's time.
func TestBuyConflictInTime(t *testing.T) {
	clock := newFakeClock()
	api := &fakeAPI{creates: []reply{says(errConflict)}, reads: []reply{{do: func(context.Context) (client.Order, error) {
		clock.advance(20 * time.Second)
		return dated(1, clock.Now()), nil
	}}}}
	for n := range 100 {
		api.listed = append(api.listed, dated(n, clock.Now()))
	}
	got := calm(api, clock).Buy(t.Context(), attemptAt(t, 1, clock.Now()), time.Minute, nil)
	var conflict *ConflictError
	if got.Verdict != NotBought || !errors.As(got.Err, &conflict) || !errors.Is(conflict.Search, errTimeUp) || conflict.Order != nil {
		t.Errorf("Buy() = %s, error %v, want %s and a conflict without an order, whose search ended with %v", got.Verdict, got.Err, NotBought, errTimeUp)
	}
	if len(api.readIDs) != 4 {
		t.Errorf("%d orders were read, want 4", len(api.readIDs))
	}
}

// TestSettleConflict: what is found has the tag and other contents, or Runa says so.
// Neither is adopted, and neither closes anything.
func TestSettleConflict(t *testing.T) {
	now := newFakeClock().Now()
	dearer := asAsked(1, 1, now)
	dearer.Items[0].FaceValue = "26.00"
	failed := dearer
	failed.Status = client.StatusFailed

	for name, test := range map[string]struct {
		api     *fakeAPI
		adjust  func(*Intent)
		order   string
		differs []string
		sent    int
	}{
		"found":           {&fakeAPI{listed: []client.Order{dearer}, reads: []reply{gives(dearer)}}, nil, "O-1", []string{"items[0].face_value"}, 0},
		"found, failed":   {&fakeAPI{listed: []client.Order{failed}, reads: []reply{gives(failed)}}, nil, "O-1", []string{"items[0].face_value"}, 0},
		"found, too late": {&fakeAPI{listed: []client.Order{dearer}, reads: []reply{gives(dearer)}}, late, "O-1", []string{"items[0].face_value"}, 0},
		"Runa says so":    {&fakeAPI{creates: []reply{says(errConflict)}}, nil, "", nil, 1},
		"Runa says so, untagged": {
			&fakeAPI{creates: []reply{says(errConflict)}, listed: []client.Order{dearer}, reads: []reply{gives(dearer)}},
			func(i *Intent) { i.Tagged = false }, "O-1",
			[]string{"items[0].face_value"},
			1,
		},
	} {
		t.Run(name, func(t *testing.T) {
			intent := attemptAt(t, 1, now)
			if test.adjust != nil {
				test.adjust(&intent)
			}
			got := calm(test.api, newFakeClock()).Settle(t.Context(), intent, time.Minute, nil)
			var conflict *ConflictError
			if got.Verdict != Unconfirmed || !errors.As(got.Err, &conflict) || len(test.api.sent) != test.sent {
				t.Fatalf("Settle() = %s, %d attempts, error %v, want %s, %d and a conflict", got.Verdict, len(test.api.sent), got.Err, Unconfirmed, test.sent)
			}
			if (conflict.Order != nil) != (test.order != "") || conflict.Order != nil && conflict.Order.ID != test.order || !slices.Equal(conflict.Differs, test.differs) {
				t.Errorf("order %v, differs %v, want %q, %v", conflict.Order, conflict.Differs, test.order, test.differs)
			}
			if got.Intent.Key != "7d0c" || got.Err.Error() == "" {
				t.Errorf("key of the intent = %q, error %q, want 7d0c and an error with a text", got.Intent.Key, got.Err)
			}
		})
	}
}

// TestSettleFindsItsOwnAttempt: the failed order of an earlier attempt, which is the
// nearest in time, must not settle a later one.
func TestSettleFindsItsOwnAttempt(t *testing.T) {
	now := newFakeClock().Now()
	failed := asAsked(1, 1, now)
	failed.Status, failed.Items = client.StatusFailed, nil
	bought := asAsked(2, 2, now.Add(time.Minute))

	t.Run("where it is", func(t *testing.T) {
		api := &fakeAPI{listed: []client.Order{failed, bought}, reads: []reply{gives(failed), gives(bought)}}
		got := calm(api, newFakeClock()).Settle(t.Context(), attemptAt(t, 2, now), time.Minute, nil)
		if got.Verdict != Bought || got.Order.ID != "O-2" || len(api.sent) != 0 {
			t.Errorf("Settle() = %s %s, %d attempts, error %v, want %s O-2, none", got.Verdict, got.Order.ID, len(api.sent), got.Err, Bought)
		}
	})
	t.Run("where it is not", func(t *testing.T) {
		api := &fakeAPI{listed: []client.Order{failed}, reads: []reply{gives(failed)}, creates: []reply{gives(bought)}}
		got := calm(api, newFakeClock()).Settle(t.Context(), attemptAt(t, 2, now), time.Minute, nil)
		if got.Verdict != Bought || got.Order.ID != "O-2" || len(api.sent) != 1 || api.sent[0].Key != AttemptKey("7d0c", 2) {
			t.Errorf("Settle() = %s %s, sent %v, error %v, want %s O-2, 1 attempt with key %s", got.Verdict, got.Order.ID, api.sent, got.Err, Bought, AttemptKey("7d0c", 2))
		}
	})
	t.Run("nor a later one's an earlier one", func(t *testing.T) {
		api := &fakeAPI{listed: []client.Order{bought}, reads: []reply{gives(bought)}, creates: []reply{says(refused400)}}
		got := calm(api, newFakeClock()).Settle(t.Context(), attemptAt(t, 1, now), time.Minute, nil)
		if got.Verdict != Refused || len(api.sent) != 1 || api.sent[0].Key != "7d0c" {
			t.Errorf("Settle() = %s, sent %v, error %v, want %s, 1 attempt with key 7d0c", got.Verdict, api.sent, got.Err, Refused)
		}
	})
}

// full is a request that uses every part that a difference can be in.
func full() client.OrderRequest {
	return client.OrderRequest{
		PaymentMethod: client.PaymentMethod{Type: "ACCOUNT_BALANCE", Currency: "USD"}, Description: "July",
		Metadata: map[string]string{"team": "blue"},
		Items: []client.OrderItem{
			{
				FaceValue: decimal.RequireFromString("25.5"), DistributionMethod: client.DistributionMethod{Type: "EMAIL", EmailAddress: "Ana@example.test"},
				Products: client.Products{Type: "MULTIPLE", Values: []string{"BOLT-US", "ACME-US"}},
			},
			{
				FaceValue: decimal.NewFromInt(3), DistributionMethod: client.DistributionMethod{Type: "RECIPIENT", RecipientReference: "driver-77"},
				Products: client.Products{Type: "TEMPLATE", TemplateID: "PT-1"},
			},
		},
	}
}

// shown is what Runa shows of it.
func shown() client.Order {
	request := full()
	order := client.Order{
		ID: "O-1", Currency: "USD", Description: "July",
		Metadata: map[string]string{"team": "blue", TagName: "7d0c", AttemptTagName: "2"},
	}
	for _, item := range request.Items {
		order.Items = append(order.Items, client.OrderedItem{
			FaceValue: client.Amount(item.FaceValue.StringFixed(2)), DistributionMethod: item.DistributionMethod, Products: item.Products,
		})
	}
	return order
}

func TestDifferences(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*client.Order)
		want   []string
	}{
		"none":                          {func(*client.Order) {}, nil},
		"currency":                      {func(o *client.Order) { o.Currency = "GBP" }, []string{"payment_method.currency"}},
		"currency not shown":            {func(o *client.Order) { o.Currency = "" }, nil},
		"description":                   {func(o *client.Order) { o.Description = "" }, []string{"description"}},
		"metadata, changed":             {func(o *client.Order) { o.Metadata["team"] = "red" }, []string{"metadata"}},
		"metadata, more":                {func(o *client.Order) { o.Metadata["more"] = "" }, []string{"metadata"}},
		"metadata, less":                {func(o *client.Order) { delete(o.Metadata, "team") }, []string{"metadata"}},
		"metadata, the tag only":        {func(o *client.Order) { delete(o.Metadata, TagName); delete(o.Metadata, AttemptTagName) }, nil},
		"items not shown":               {func(o *client.Order) { o.Items = nil }, nil},
		"fewer items":                   {func(o *client.Order) { o.Items = o.Items[:1] }, []string{"items"}},
		"items in another order":        {func(o *client.Order) { slices.Reverse(o.Items) }, []string{"items[0].face_value", "items[0].distribution_method", "items[0].products", "items[1].face_value", "items[1].distribution_method", "items[1].products"}},
		"face value":                    {func(o *client.Order) { o.Items[1].FaceValue = "3.01" }, []string{"items[1].face_value"}},
		"face value, written otherwise": {func(o *client.Order) { o.Items[1].FaceValue = "3" }, nil},
		"face value not shown":          {func(o *client.Order) { o.Items[1].FaceValue = "" }, nil},
		"address":                       {func(o *client.Order) { o.Items[0].DistributionMethod.EmailAddress = "bo@example.test" }, []string{"items[0].distribution_method"}},
		"address in small letters":      {func(o *client.Order) { o.Items[0].DistributionMethod.EmailAddress = "ana@example.test" }, nil},
		"way of delivery":               {func(o *client.Order) { o.Items[0].DistributionMethod.Type = "PAYOUT_LINK" }, []string{"items[0].distribution_method"}},
		"way of delivery not shown":     {func(o *client.Order) { o.Items[0].DistributionMethod = client.DistributionMethod{} }, nil},
		"recipient":                     {func(o *client.Order) { o.Items[1].DistributionMethod.RecipientReference = "driver-78" }, []string{"items[1].distribution_method"}},
		"a template of Runa's own":      {func(o *client.Order) { o.Items[1].DistributionMethod.TemplateID = "DT-1" }, []string{"items[1].distribution_method"}},
		"products":                      {func(o *client.Order) { o.Items[0].Products.Values = []string{"BOLT-US"} }, []string{"items[0].products"}},
		"products, sorted otherwise":    {func(o *client.Order) { o.Items[0].Products.Values = []string{"ACME-US", "BOLT-US"} }, nil},
		"kind of products":              {func(o *client.Order) { o.Items[0].Products = client.Products{Type: "SINGLE", Value: "BOLT-US"} }, []string{"items[0].products"}},
		"products no longer known":      {func(o *client.Order) { o.Items[0].Products = client.Products{Type: "UNKNOWN"} }, nil},
		"products not shown":            {func(o *client.Order) { o.Items[0].Products = client.Products{} }, nil},
		"template of products":          {func(o *client.Order) { o.Items[1].Products.TemplateID = "PT-2" }, []string{"items[1].products"}},
	} {
		t.Run(name, func(t *testing.T) {
			intent, err := NewIntent("7d0c", 2, client.ModeAsync, full(), true)
			if err != nil {
				t.Fatal(err)
			}
			order := shown()
			test.change(&order)
			if got := differences(order, intent.Body); !slices.Equal(got, test.want) {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
	if got := differences(shown(), []byte("{")); len(got) != 1 {
		t.Errorf("differences() of a request that cannot be read = %v, want one", got)
	}
}
