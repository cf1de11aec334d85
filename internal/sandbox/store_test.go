package sandbox_test

import (
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.etcd.io/bbolt"
	"pgregory.net/rapid"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// reopened is the rig's sandbox after a restart on the same file.
func (r *rig) reopened(options sandbox.Options) *rig {
	r.t.Helper()
	r.box.Close()
	return start(r.t, options)
}

// TestRestart demands that a restart changes nothing that anybody could see.
func TestRestart(t *testing.T) {
	for _, mode := range []string{sandbox.ModePlayground, sandbox.ModeProduction} {
		t.Run(mode, func(t *testing.T) {
			options := sandbox.Options{Mode: mode, Data: filepath.Join(t.TempDir(), "runa.db")}
			r := start(t, options)
			placed := r.order("key \xff 1", springSurvey)
			r.must(placed, 202)
			refused := r.order("key 2", one("USD", "11", "ACME-US"))
			r.must(refused, 400)
			r.fault(sandbox.Fault{Path: "/order", Method: "POST", Action: sandbox.ActionStatus, Status: 500, Store: true, Place: true, Times: 1, Headers: map[string]string{"X-Note": "kept"}})
			crashed := r.sync(strings.Repeat("k", 40_000), tenDollars)
			r.must(crashed, 500)
			r.fault(sandbox.Fault{Path: "/order", Method: "POST", Action: sandbox.ActionStatus, Status: 504, Store: true, Times: 1})
			r.must(r.order("never placed", tenDollars), 504)
			r.must(r.sync("fx", one("EUR", "20", "TEA-GB")), 200)
			r.must(r.order("nulls", strings.Replace(tenDollars, `"items"`, `"metadata":{},"items"`, 1)), 202)
			r.box.Advance(36 * time.Hour)
			r.must(r.order("late", tenDollars), 202)
			ledger := r.box.Ledger()
			for _, patch := range []error{
				r.box.PatchOrder(ledger[1].ID, sandbox.OrderPatch{Items: []sandbox.ItemPatch{{Payout: sandbox.PayoutPatch{NoURL: true, Status: "CANCELLED"}}}}),
				r.box.PatchOrder(ledger[2].ID, sandbox.OrderPatch{Status: "FAILED", Items: []sandbox.ItemPatch{{}}}),
				r.box.PatchOrder(ledger[3].ID, sandbox.OrderPatch{Status: "FAILED"}),
				r.box.PatchProduct("ACME-US", sandbox.ProductPatch{Name: "Acme!", Denominations: &sandbox.DenominationPatch{AvailableList: []string{"5", "7.50"}}}),
				r.box.PatchProduct("ACME-US", sandbox.ProductPatch{DiscountMultiplier: "0.5"}),
				r.box.PatchProduct("TEA-GB", sandbox.ProductPatch{Withdrawn: new(true)}),
				r.box.PatchProduct("BOLT-US", sandbox.ProductPatch{Withdrawn: new(true)}),
				r.box.PatchProduct("BOLT-US", sandbox.ProductPatch{Withdrawn: new(false)}),
				r.box.SetBalance("CHF", "12.34"),
			} {
				if patch != nil {
					t.Fatal(patch)
				}
			}
			if mode == sandbox.ModeProduction {
				if err := r.box.SetOrderingLimit("CHF", "1"); err != nil {
					t.Fatal(err)
				}
			}
			before := shown(r)

			for range 2 {
				options.Balances = map[string]string{"USD": "1"} // what the file holds goes before
				r = r.reopened(options)
				if after := shown(r); !reflect.DeepEqual(before, after) {
					t.Fatalf("got\n%s\nwant\n%s", after, before)
				}
			}
			for key, first := range map[string]result{"key \xff 1": placed, "key 2": refused} {
				body := springSurvey
				if first.status == 400 {
					body = one("USD", "11", "ACME-US")
				}
				if again := r.order(key, body); again.body != first.body || again.status != first.status || again.header.Get("X-Api-Version") == "" {
					t.Errorf("%q replays %+v, want %+v", key, again, first)
				}
			}
			if again := r.sync(strings.Repeat("k", 40_000), tenDollars); again.body != crashed.body || again.header.Get("X-Note") != "kept" {
				t.Errorf("replayed as %+v, want %+v with the fault's header", again, crashed)
			}
			r.must(r.order("never placed", tenDollars), 504)
			r.must(r.order("key 2", tenDollars), 400) // another body
			r.orders(len(ledger))
			fresh := idOf(t, r.must(r.order("fresh", one("USD", "5", "BOLT-US")), 202))
			for _, e := range ledger {
				if e.ID == fresh {
					t.Errorf("the id %s was given twice, want a new one", fresh)
				}
			}
			r.box.Advance(31 * 24 * time.Hour)
			r.must(r.order("key 2", one("USD", "5", "BOLT-US")), 202) // the key has grown old over the restarts

			r.box.Reset()
			r = r.reopened(options)
			r.orders(0)
			if got := r.box.Now(); !got.Equal(noon) || r.box.Balances()["USD"] != "1.00" {
				t.Errorf("after a reset: got %s, %v; want %s, and USD 1.00", got, r.box.Balances(), noon)
			}
			r.must(r.get("/v2/product/TEA-GB"), 200)
			r.must(r.order("key 2", one("USD", "5", "BOLT-US")), map[string]int{sandbox.ModePlayground: 202, sandbox.ModeProduction: 400}[mode])
		})
	}
}

// shown is everything that a sandbox shows of what a file keeps.
func shown(r *rig) []string {
	out := []string{fmt.Sprint(r.box.Ledger()), fmt.Sprint(r.box.Now(), r.box.Balances(), r.box.OrderingLimits())}
	for _, path := range []string{"/v2/order", "/v2/balance", "/v2/product/ACME-US", "/v2/product/TEA-GB", "/v2/product?limit=500"} {
		out = append(out, r.get(path).body)
	}
	return out
}

// TestSmallerCatalogue demands that a patch of a product that is not there any more
// does no harm.
func TestSmallerCatalogue(t *testing.T) {
	options := sandbox.Options{Data: filepath.Join(t.TempDir(), "runa.db"), Products: 2000}
	r := start(t, options)
	all, _ := wholeCatalogue(t, r)
	gone := slices.IndexFunc(all, func(p listed) bool { return p.Currency == "NZD" }) // none of the hand-written ones
	for _, code := range []string{"ACME-US", all[gone].Code} {
		if err := r.box.PatchProduct(code, sandbox.ProductPatch{Name: "Renamed"}); err != nil {
			t.Fatal(err)
		}
	}
	options.Products = 1
	r = r.reopened(options)
	if got := r.must(r.get("/v2/product/ACME-US"), 200); !strings.Contains(got, "Renamed") {
		t.Errorf("got %s, want the new name", got)
	}
	r.must(r.get("/v2/product/"+all[gone].Code), 404)
}

// TestRefusedFiles demands clear words for a file that is in use, another mode's,
// another program's or broken, and that it is left alone.
func TestRefusedFiles(t *testing.T) {
	folder := t.TempDir()
	file := func(name string) string { return filepath.Join(folder, name) }
	box, err := sandbox.Open(sandbox.Options{Data: file("used"), Products: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer box.Close()
	if err := os.WriteFile(file("text"), []byte(strings.Repeat("not a data file\n", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, fill := range map[string]func(*bbolt.Tx) error{
		"foreign": func(tx *bbolt.Tx) error { _, err := tx.CreateBucket([]byte("somebody's")); return err },
		"format": func(tx *bbolt.Tx) error {
			return tx.Bucket([]byte("meta")).Put([]byte("format"), []byte(`{"format":99,"mode":"playground"}`))
		},
		"production": func(tx *bbolt.Tx) error {
			return tx.Bucket([]byte("meta")).Put([]byte("format"), []byte(`{"format":1,"mode":"production"}`))
		},
		"mode": func(tx *bbolt.Tx) error {
			return tx.Bucket([]byte("meta")).Put([]byte("format"), []byte(`{"format":1,"mode":"https://spend.runa.io/1"}`))
		},
		"no format": func(tx *bbolt.Tx) error { return tx.Bucket([]byte("meta")).Delete([]byte("format")) },
		"no clock":  func(tx *bbolt.Tx) error { return tx.Bucket([]byte("meta")).Delete([]byte("clock")) },
		"account": func(tx *bbolt.Tx) error {
			return tx.Bucket([]byte("meta")).Put([]byte("account"), []byte(`{"balances":{"USD":"x"}}`))
		},
		"order":  func(tx *bbolt.Tx) error { return tx.Bucket([]byte("orders")).Put([]byte{1}, []byte(`{}`)) },
		"record": func(tx *bbolt.Tx) error { return tx.Bucket([]byte("keys")).Put([]byte{1}, []byte(`?`)) },
		"bad patch": func(tx *bbolt.Tx) error {
			return tx.Bucket([]byte("patches")).Put([]byte{1}, []byte(`{"code":"ACME-US","patch":{"state":"x"}}`))
		},
	} {
		if name != "foreign" {
			made, err := sandbox.Open(sandbox.Options{Data: file(name), Products: 1})
			if err != nil {
				t.Fatal(err)
			}
			made.Close()
		}
		db, err := bbolt.Open(file(name), 0o600, nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(db.Update(fill), db.Close()); err != nil {
			t.Fatal(err)
		}
	}
	for name, says := range map[string]string{
		"used": "another runa-sandbox has it", "text": "not one of runa-sandbox", "foreign": "not one of runa-sandbox", "format": "format 99",
		"production": "-mode production", "no format": "not one of runa-sandbox", "no clock": "unexpected end", "account": "account: it is not as",
		"order": "orders 01: it is not as", "record": "keys 01: invalid character", "bad patch": "patches 01: it is not as", "mode": "not one of runa-sandbox",
	} {
		before, err := os.ReadFile(file(name))
		if err != nil {
			t.Fatal(err)
		}
		_, err = sandbox.Open(sandbox.Options{Data: file(name), Products: 1})
		if err == nil || !strings.Contains(err.Error(), says) || !strings.Contains(err.Error(), file(name)) {
			t.Errorf("%s: got error %v, want one with %q and the file's name", name, err, says)
		}
		if after, err := os.ReadFile(file(name)); err != nil || string(after) != string(before) {
			t.Errorf("%s was changed (error %v), want it as it was", name, err)
		}
	}
	if info, err := os.Stat(file("used")); err != nil || info.Mode().Perm()&0o077 != 0 {
		t.Errorf("got permissions %v (error %v), want none for others: the file has links", info, err)
	}
}

// TestCloseGivesTheFileBack demands that the last call after Close does it, and that
// nothing is promised any more.
func TestCloseGivesTheFileBack(t *testing.T) {
	options := sandbox.Options{Data: filepath.Join(t.TempDir(), "runa.db"), Products: 1}
	r := start(t, options)
	r.fault(sandbox.Fault{Path: "/order", Action: sandbox.ActionDelay, Delay: time.Hour})
	slow := make(chan result)
	go func() { slow <- r.order("k", tenDollars) }()
	eventually(t, "the order is there", func() bool { return len(r.box.Journal()) == 1 })
	r.box.Close()
	kept := idOf(t, r.must(<-slow, 202))
	var again *sandbox.Sandbox
	eventually(t, "the file is free", func() (ok bool) {
		var err error
		again, err = sandbox.Open(options)
		return err == nil
	})
	defer again.Close()
	if ledger := again.Ledger(); len(ledger) != 1 || ledger[0].ID != kept {
		t.Errorf("got %v, want the order %s alone", ledger, kept)
	}
	for _, late := range []result{r.get("/v2/ping"), r.get("/"), r.get("/_sandbox/orders"), r.call("DELETE", "/_sandbox/faults", ""), r.call("POST", "/_sandbox/reset", "")} {
		if late.status != 500 || !strings.Contains(late.body, "given back") {
			t.Errorf("got %+v, want 500, as the file was given back", late)
		}
	}
	for _, err := range []error{
		r.box.SetBalance("USD", "1"), r.box.PatchProduct("ACME-US", sandbox.ProductPatch{Name: "x"}),
	} {
		if err == nil {
			t.Error("got no error, want one: nothing keeps the change")
		}
	}
	r.box.Advance(time.Hour)
	r.box.Close()
}

// TestLoadIsKept places orders from many sides at once, some twice, and demands that a
// restarted sandbox has them all.
func TestLoadIsKept(t *testing.T) {
	options := sandbox.Options{Mode: sandbox.ModeProduction, Data: filepath.Join(t.TempDir(), "runa.db"), Products: 1, RatePerMinute: -1}
	r := start(t, options)
	var mu sync.Mutex
	answered := map[string]string{}
	var all sync.WaitGroup
	for worker := range 8 {
		all.Go(func() {
			for i := range 20 {
				key := fmt.Sprint(worker/2, " ", i)
				if got := r.order(key, tenDollars); got.status == 202 {
					mu.Lock()
					answered[key] = got.body
					mu.Unlock()
				}
			}
		})
	}
	all.Wait()
	balances := r.box.Balances()
	r = r.reopened(options)
	r.orders(80)
	r.balances(balances)
	for key, body := range answered {
		if got := r.order(key, tenDollars); got.body != body {
			t.Errorf("%s: got %s, want %s, as at first", key, got.body, body)
		}
	}
	r.orders(80)
}

// TestRestartsAnywhere interrupts a life at any point by a restart: it must show what
// the same life shows without.
func TestRestartsAnywhere(t *testing.T) {
	folder, n := t.TempDir(), 0
	rapid.Check(t, func(rt *rapid.T) {
		n++
		plain := sandbox.Options{Mode: sandbox.ModeProduction, Products: 1, RatePerMinute: -1, Now: func() time.Time { return noon }}
		filed := plain
		filed.Data = filepath.Join(folder, fmt.Sprint(n))
		w := newWorld(sandbox.New(plain))
		f := newWorld(mustOpen(rt, filed))
		for range rapid.IntRange(1, 12).Draw(rt, "steps") {
			if rapid.IntRange(0, 3).Draw(rt, "restart") == 0 {
				f.box.Close()
				f.box = mustOpen(rt, filed)
			}
			m := drawMove(rt)
			for _, w := range []*world{w, f} {
				w.make(m)
			}
		}
		if got, want := mustMarshal(t, f.box.Ledger()), mustMarshal(t, w.box.Ledger()); string(got) != string(want) {
			rt.Errorf("got\n%s\nwant\n%s", got, want)
		}
		if got, want := f.box.Balances(), w.box.Balances(); !reflect.DeepEqual(got, want) {
			rt.Errorf("got %v, want %v", got, want)
		}
		f.box.Close()
	})
}

func mustOpen(t *rapid.T, options sandbox.Options) *sandbox.Sandbox {
	box, err := sandbox.Open(options)
	if err != nil {
		t.Fatal(err)
	}
	return box
}

// TestBrokenFile demands that a sandbox whose file cannot be written any more answers
// nothing as if it were kept.
func TestBrokenFile(t *testing.T) {
	defer log.SetOutput(log.Writer())
	log.SetOutput(io.Discard)
	r := start(t, sandbox.Options{Data: filepath.Join(t.TempDir(), "runa.db"), Products: 1})
	r.must(r.order("k", tenDollars), 202)
	if err := sandbox.BreakData(r.box); err != nil {
		t.Fatal(err)
	}
	r.fault(sandbox.Fault{Method: "POST", Action: sandbox.ActionTruncate, Times: 1})
	if got := r.order("lost", tenDollars); got.status != 500 {
		t.Errorf("got %+v, want 500", got)
	}
	for _, got := range []result{r.order("lost", tenDollars), r.order("lost too", tenDollars), r.get("/v2/order"), r.get("/_sandbox/orders")} {
		if got.status != 500 || errorOf(got.body) != "internal_server_error" || !strings.Contains(got.body, "cannot be written") {
			t.Errorf("got %+v, want 500 internal_server_error: the file cannot be written", got)
		}
	}
	if err := r.box.SetBalance("USD", "1"); err == nil {
		t.Error("a balance that cannot be kept: got no error, want one")
	}
}
