package purchase

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/runa-community/terraform-provider-runa/internal/client"
)

// TestTag is what an attempt's order carries beside the user's own labels.
func TestTag(t *testing.T) {
	for name, test := range map[string]struct {
		pairs   int
		key     string
		attempt int
		tagged  bool
	}{
		"the first":                   {0, "7d0c", 1, true},
		"the first, one place left":   {19, "7d0c", 1, true},
		"the first, no place left":    {20, "7d0c", 1, false},
		"the second":                  {0, "7d0c", 2, true},
		"the second, two places left": {18, "7d0c", 2, true},
		"the second, one place left":  {19, "7d0c", 2, false},
		"the second, no place left":   {20, "7d0c", 2, false},
		"the longest key":             {18, strings.Repeat("k", 200), 12, true},
		"a key too long":              {0, strings.Repeat("k", 201), 2, false},
	} {
		t.Run(name, func(t *testing.T) {
			order := reward(25)
			order.Metadata = map[string]string{}
			for i := range test.pairs {
				order.Metadata[fmt.Sprint("name", i)] = "value"
			}
			intent, err := NewIntent(test.key, test.attempt, client.ModeAsync, order, true)
			if err != nil {
				t.Fatal(err)
			}
			want := maps.Clone(order.Metadata)
			if test.tagged {
				want[TagName] = test.key
			}
			if test.tagged && test.attempt > 1 {
				want[AttemptTagName] = fmt.Sprint(test.attempt)
			}
			var sent client.Order
			if err := json.Unmarshal(intent.Body, &struct{ Metadata *map[string]string }{&sent.Metadata}); err != nil {
				t.Fatal(err)
			}
			if !maps.Equal(sent.Metadata, want) || intent.Tagged != test.tagged || len(want) > MaxMetadata {
				t.Errorf("tagged: %t, sends %v, want %t, %v, at most %d labels", intent.Tagged, sent.Metadata, test.tagged, want, MaxMetadata)
			}
			if labels := Untagged(sent); !maps.Equal(labels, order.Metadata) {
				t.Errorf("Untagged() = %v, want the user's own labels, %v", labels, order.Metadata)
			}
			if key, attempt := TagOf(sent.Metadata); test.tagged && (key != test.key || attempt != test.attempt) {
				t.Errorf("TagOf() = attempt %d of %q, want attempt %d of %q", attempt, key, test.attempt, test.key)
			}
		})
	}
}

func TestTagOf(t *testing.T) {
	for name, test := range map[string]struct {
		metadata map[string]string
		key      string
		attempt  int
	}{
		"none":                {nil, "", 1},
		"the first":           {map[string]string{TagName: "7d0c"}, "7d0c", 1},
		"the second":          {map[string]string{TagName: "7d0c", AttemptTagName: "2"}, "7d0c", 2},
		"the twelfth":         {map[string]string{TagName: "7d0c", AttemptTagName: "12"}, "7d0c", 12},
		"never written: 1":    {map[string]string{TagName: "7d0c", AttemptTagName: "1"}, "", 0},
		"never written: 0":    {map[string]string{TagName: "7d0c", AttemptTagName: "0"}, "", 0},
		"never written: word": {map[string]string{TagName: "7d0c", AttemptTagName: "two"}, "", 0},
		"never written: none": {map[string]string{TagName: "7d0c", AttemptTagName: ""}, "", 0},
		"without a key":       {map[string]string{AttemptTagName: "2"}, "", 0},
	} {
		if key, attempt := TagOf(test.metadata); key != test.key || attempt != test.attempt {
			t.Errorf("%s: TagOf() = attempt %d of %q, want attempt %d of %q", name, attempt, key, test.attempt, test.key)
		}
	}
}

// TestCarriedBy: of two attempts at one reward, each finds its own order only.
func TestCarriedBy(t *testing.T) {
	first, second := tagOf("7d0c", 1), tagOf("7d0c", 2)
	for name, test := range map[string]struct {
		intent Intent
		in     map[string]string
		want   bool
	}{
		"its own":                          {Intent{Key: AttemptKey("7d0c", 2), Reward: "7d0c", Attempt: 2}, second, true},
		"an earlier attempt's":             {Intent{Key: AttemptKey("7d0c", 2), Reward: "7d0c", Attempt: 2}, first, false},
		"a later attempt's":                {Intent{Key: "7d0c", Reward: "7d0c", Attempt: 1}, second, false},
		"another reward's":                 {Intent{Key: "8e1d", Reward: "8e1d", Attempt: 1}, first, false},
		"an older record's":                {Intent{Key: "7d0c"}, first, true},
		"a later one than an older record": {Intent{Key: "7d0c"}, second, false},
		"no tag":                           {Intent{Key: "7d0c", Reward: "7d0c", Attempt: 1}, nil, false},
	} {
		if got := test.intent.carriedBy(test.in); got != test.want {
			t.Errorf("%s: carriedBy() = %t, want %t", name, got, test.want)
		}
	}
}
