package client

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"
)

// The fuzz targets read what a foreign program wrote: whatever the bytes, nothing panics,
// an answer that cannot be read is an error of its own kind, and no error shows a secret.

const fuzzKey = "XXfuzz.not-a-real-key"

func fuzzClient(f *testing.F) *Client {
	f.Helper()
	c, err := New(Config{BaseURL: "http://127.0.0.1:1/v2", APIKey: fuzzKey})
	if err != nil {
		f.Fatal(err)
	}
	return c
}

func answered(status int, body []byte) answer {
	header := http.Header{}
	header.Set(headerAPIVersion, "2024-02-05")
	return answer{call: call{method: http.MethodGet, path: "/order/O-1"}, status: status, header: header, body: body}
}

// seeds are answers of Runa's, whole and spoiled.
func seeds(f *testing.F, all ...string) {
	f.Helper()
	for _, one := range all {
		f.Add([]byte(one))
		f.Add([]byte(one[:len(one)/2]))
	}
	for _, one := range []string{"", "null", "[]", "{}", `"text"`, "0", "<html>", "\xff\xfe", `{"id":null,"status":{}}`, strings.Repeat("[", 200)} {
		f.Add([]byte(one))
	}
}

// wantUnreadable wants the one kind of error that an answer's contents can be.
func wantUnreadable(t *testing.T, err error) {
	t.Helper()
	var unreadable *UnreadableError
	if err != nil && !errors.As(err, &unreadable) {
		t.Errorf("err = %T %v, want an *UnreadableError", err, err)
	}
}

func FuzzOrder(f *testing.F) {
	seeds(f,
		`{"id":"O-1","status":"COMPLETED","created_at":"2026-01-01T00:00:00Z","currency":"USD","total_price":"10.00","total_discount":"0","items":[{"id":"I-1","face_value":10,"currency":"USD","price":"10","products":{"type":"SINGLE","value":"ACME-US"},"distribution_method":{"type":"PAYOUT_LINK"},"payout":{"url":"https://spend.example.test/1","status":"ACTIVE"}}],"metadata":{"terraform_order_key":"k"}}`,
		`{"id":"O-1","status":"PROCESSING"}`,
		`{"id":"O-1","status":"COMPLETED","items":[{"products":{"type":"SINGLE","values":["ACME-US"]},"face_value":{"a":1}}],"description":["odd"]}`,
	)
	c := fuzzClient(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		order, err := c.decodeOrder(t.Context(), answered(http.StatusOK, body))
		wantUnreadable(t, err)
		if err == nil && (order.ID == "" || order.Status == "") {
			t.Errorf("order %+v has no id or status, want an error", order)
		}
		if err != nil && order.ID != "" {
			t.Errorf("order %+v comes with the error %v, want one of them", order, err)
		}
	})
}

func FuzzProduct(f *testing.F) {
	seeds(f,
		`{"code":"ACME-US","name":"Acme","is_orderable":true,"state":"LIVE","currency":"USD","countries_redeemable_in":["US"],"categories":["fashion"],"payout_type":"GIFT_CARD","gift_card":{"denominations":{"type":"fixed","minimum_value":"5","maximum_value":"500","available_list":["5","10"]}},"content_resources":{"texts":[{"terms":"x"}]}}`,
		`{"code":"P2C-US","currency":7,"categories":null}`,
	)
	c := fuzzClient(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		var product Product
		got := answered(http.StatusOK, body)
		got.call.needs = []string{"code"}
		wantUnreadable(t, c.decode(t.Context(), got, &product))
		product.Payout()
	})
}

func FuzzPage(f *testing.F) {
	seeds(f,
		`{"items":[{"id":"O-1","status":"COMPLETED"},{"id":"O-2","status":"FAILED"}],"pagination":{"cursors":{"after":"c"},"page":{"next_url":"x"}}}`,
		`{"items":[],"pagination":null}`, `{"items":{},"pagination":{"cursors":{"after":5}}}`,
	)
	c := fuzzClient(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		var wire struct {
			Items      []json.RawMessage `json:"items" read:"strict"`
			Pagination pagination        `json:"pagination" read:"strict"`
		}
		got := answered(http.StatusOK, body)
		got.call.needs = []string{"items"}
		if err := c.decode(t.Context(), got, &wire); err != nil {
			wantUnreadable(t, err)
			return
		}
		for _, entry := range wire.Items {
			got.body, got.call.needs = entry, nil
			_, err := c.decodeOrder(t.Context(), got)
			wantUnreadable(t, err)
		}
	})
}

func FuzzAPIError(f *testing.F) {
	seeds(f,
		`{"type":"validation_error","message":"`+fuzzKey+` of ana@example.com","i18n":"","help":"https://developer.runa.io/x","details":[{"loc":["items",0,"face_value"],"msg":"https://spend.example.test/1"}]}`,
		`{"error":"too many requests"}`, `{"details":[{"loc":"items","msg":7}],"type":["x"]}`,
	)
	c := fuzzClient(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		err := apiError(answered(http.StatusBadRequest, body), c.secrets())
		err.Items()
		if text := err.Error(); strings.Contains(text, fuzzKey) {
			t.Errorf("the error is %q, want the API key hidden", text)
		}
	})
}

// FuzzHide: a secret is hidden wherever a text quotes it, in each spelling.
func FuzzHide(f *testing.F) {
	f.Add("before ", "ana+x@example.com", " after")
	f.Add(`"`, `driver "77" <b>`, `"`)
	f.Add("https://", "XXkey/with+signs", "/?x=%41")
	f.Add("a", "aaaa", "aa")
	f.Fuzz(func(t *testing.T, before, secret, after string) {
		const shortest = 8 // what is shorter can be part of other words, such as the mask
		if len(secret) < shortest || !utf8.ValidString(secret) || strings.Contains(hidden, secret) {
			t.Skip()
		}
		for _, spelling := range spellings(secret) {
			got := hider(nil, []string{secret})(before + spelling + after)
			// A text around it can make up the secret anew only out of its own parts.
			if strings.Contains(got, spelling) && !strings.Contains(before+"\x00"+after, spelling) && !rejoins(before, after, spelling) {
				t.Errorf("%q between %q and %q is shown as %q, want it hidden", spelling, before, after, got)
			}
		}
	})
}

// rejoins reports whether a secret is made by what stands around its masked copy.
func rejoins(before, after, secret string) bool {
	return strings.Contains(before+hidden+after, secret)
}
