package client

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
)

func TestAPIErrorFields(t *testing.T) {
	tests := map[string]struct {
		answer http.HandlerFunc
		want   APIError
		text   string
	}{
		"missing key": {
			gateway(401, `{"type":"unauthorized","message":"No key.","help":"Send one."}`),
			APIError{Status: 401, Type: "unauthorized", Message: "No key.", Help: "Send one."},
			"GET /ping: 401 Unauthorized (unauthorized): No key.\nSend one.",
		},
		"wrong key": {
			gateway(403, `{"type":"forbidden","message":"No access.","help":"Check the key."}`),
			APIError{Status: 403, Type: "forbidden", Message: "No access.", Help: "Check the key."},
			"GET /ping: 403 Forbidden (forbidden): No access.\nCheck the key.",
		},
		"spending limit, from the handler": {
			answering(403, `{"type":"ordering_restricted","message":"Limit."}`),
			APIError{Status: 403, Type: "ordering_restricted", Message: "Limit.", FromHandler: true},
			"GET /ping: 403 Forbidden (ordering_restricted): Limit.",
		},
		"400 without help": {
			answering(400, `{"type":"insufficient_funds","message":"Not enough USD.","help":null}`),
			APIError{Status: 400, Type: "insufficient_funds", Message: "Not enough USD.", FromHandler: true},
			"GET /ping: 400 Bad Request (insufficient_funds): Not enough USD.",
		},
		"422 as production words it": {
			answering(422, `{"type":"validation_error","message":"See details.","help":null,"details":[{"type":"value_error.number.not_ge","message":"must be at least 0.01","location":["items","0","face_value"]}]}`),
			APIError{
				Status: 422, Type: "validation_error", Message: "See details.", FromHandler: true,
				Details: []Detail{{"value_error.number.not_ge", "must be at least 0.01", []string{"items", "0", "face_value"}}},
			},
			"GET /ping: 422 Unprocessable Entity (validation_error): See details.\n  - items.0.face_value: must be at least 0.01",
		},
		"422 as the playground words it": {
			answering(422, `{"type":"validation_error","message":"See details.","details":[{"type":"enum","message":"no such type","location":["body","items",12,"products","type"]},{"type":"missing","message":"required","location":["body"]}]}`),
			APIError{
				Status: 422, Type: "validation_error", Message: "See details.", FromHandler: true,
				Details: []Detail{
					{"enum", "no such type", []string{"body", "items", "12", "products", "type"}},
					{"missing", "required", []string{"body"}},
				},
			},
			"GET /ping: 422 Unprocessable Entity (validation_error): See details.\n  - body.items.12.products.type: no such type\n  - body: required",
		},
		"422 with details of a new shape": {
			answering(422, `{"type":"validation_error","message":"See details.","details":{"face_value":"too low"}}`),
			APIError{Status: 422, Type: "validation_error", Message: "See details.", FromHandler: true},
			"GET /ping: 422 Unprocessable Entity (validation_error): See details.",
		},
		"429": {
			gateway(429, `{"error":"rate exceeded"}`),
			APIError{Status: 429, Message: "rate exceeded"},
			"GET /ping: 429 Too Many Requests: rate exceeded",
		},
		"410": {
			gateway(410, `{"type":"version_removed","message":"Gone.","help":null}`),
			APIError{Status: 410, Type: "version_removed", Message: "Gone."},
			"GET /ping: 410 Gone (version_removed): Gone.",
		},
		"a help of a new shape loses nothing else": {
			answering(400, `{"type":"bad_request","message":"No.","help":{"link":"x"}}`),
			APIError{Status: 400, Type: "bad_request", Message: "No.", FromHandler: true},
			"GET /ping: 400 Bad Request (bad_request): No.",
		},
		"the gateway's own words": {
			gateway(403, `{"message":"Missing Authentication Token"}`),
			APIError{Status: 403, Message: "Missing Authentication Token"},
			"GET /ping: 403 Forbidden: Missing Authentication Token",
		},
		"a web page": {
			answering(500, "\n<!doctype html><title>Site Maintenance</title>"),
			APIError{Status: 500, Message: "it is a web page, not Runa's JSON"},
			"GET /ping: 500 Internal Server Error: it is a web page, not Runa's JSON",
		},
		"empty": {
			answering(502, ""),
			APIError{Status: 502, Message: "it is empty"},
			"GET /ping: 502 Bad Gateway: it is empty",
		},
		"plain text": {
			answering(504, "upstream timed out, key XXtest.sesame"),
			APIError{Status: 504, Message: "it is not JSON"},
			"GET /ping: 504 Gateway Timeout: it is not JSON",
		},
		"JSON, but a list": {
			answering(500, `[]`),
			APIError{Status: 500, Message: "it is not of the shape that Runa documents"},
			"GET /ping: 500 Internal Server Error: it is not of the shape that Runa documents",
		},
		"JSON, but nothing in it": {
			answering(400, `{}`),
			APIError{Status: 400, Message: "it is not of the shape that Runa documents"},
			"GET /ping: 400 Bad Request: it is not of the shape that Runa documents",
		},
		"not modified": {
			gateway(304, ""),
			APIError{Status: 304, Message: "a redirect, which this provider never follows; check base_url"},
			"GET /ping: 304 Not Modified: a redirect, which this provider never follows; check base_url",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := serve(t, test.answer).client(t).Ping(t.Context())
			var got *APIError
			if !errors.As(err, &got) {
				t.Fatalf("Ping() = %T: %v, want an *APIError", err, err)
			}
			test.want.Method, test.want.Path = http.MethodGet, "/ping"
			if !equalAPIErrors(*got, test.want) {
				t.Errorf("got  %+v\nwant %+v", *got, test.want)
			}
			if got.Error() != test.text {
				t.Errorf("says %q\nwant %q", got.Error(), test.text)
			}
		})
	}
}

func equalAPIErrors(a, b APIError) bool {
	sameDetail := func(a, b Detail) bool {
		return a.Type == b.Type && a.Message == b.Message && slices.Equal(a.Location, b.Location)
	}
	return a.Method == b.Method && a.Path == b.Path && a.Status == b.Status && a.Type == b.Type && a.Message == b.Message &&
		a.Help == b.Help && a.FromHandler == b.FromHandler && slices.EqualFunc(a.Details, b.Details, sameDetail)
}

func TestErrorsHideWhatTheyQuote(t *testing.T) {
	const body = `{"type":"validation_error","message":"bad recipient ana.b+c@example.test, key XXtest.sesame, see https://spend.runa.io/0000",
		"help":"write to <bo@example.test> or read https://developer.runa.io/reference/errors",
		"details":[{"type":"value_error","message":"'cy@example.test' is not an address","location":["metadata","di@example.test"]}]}`
	_, err := serve(t, answering(422, body)).client(t).Ping(t.Context())
	if err == nil {
		t.Fatal("Ping() = no error, want one")
	}
	for _, secret := range []string{"ana", "bo@", "cy@", "di@", "example.test", "spend.runa.io", "0000", "sesame"} {
		if strings.Contains(err.Error(), secret) {
			t.Errorf("the error is %v, want %q hidden", err, secret)
		}
	}
	for _, kept := range []string{"bad recipient (hidden), key (hidden), see (hidden)", "https://developer.runa.io/reference/errors", "'(hidden)' is not an address", "metadata.(hidden)"} {
		if !strings.Contains(err.Error(), kept) {
			t.Errorf("the error is %v, want %q in it", err, kept)
		}
	}
}

func TestMask(t *testing.T) {
	tests := map[string]struct{ text, want string }{
		"nothing to hide":    {"Not enough USD.", "Not enough USD."},
		"address":            {"ana@example.test", "(hidden)"},
		"addresses":          {"ana@example.test,bo@example.test;cy@example.test", "(hidden),(hidden);(hidden)"},
		"in brackets":        {"Ana <ana@example.test> (ana@example.test)", "Ana <(hidden)> ((hidden))"},
		"link":               {"open https://payout.runa.io/abc?x=y now", "open (hidden) now"},
		"link in quotes":     {`"http://127.0.0.1/p/abc"`, `"(hidden)"`},
		"Runa's help":        {"see https://developer.runa.io/errors", "see https://developer.runa.io/errors"},
		"looks like help":    {"see https://developer.runa.io.evil.test/errors", "see (hidden)"},
		"an at sign alone":   {"5 @ 10 USD", "5 @ 10 USD"},
		"a link with a user": {"https://ana@example.test/x", "(hidden)"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := mask(test.text); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestIsNotFound(t *testing.T) {
	for _, body := range []string{
		`{"type":"not_found","message":"No such order.","help":null}`,
		`{"type":"not-found","message":"No such order."}`, // as the specification spells it
		"<html>",
	} {
		_, err := serve(t, answering(404, body)).client(t).Order(t.Context(), "O-1")
		if !IsNotFound(err) {
			t.Errorf("%s: got %v, want IsNotFound", body, err)
		}
	}
	for _, err := range []error{nil, errors.New("other"), &APIError{Status: 403}, &TransportError{}} {
		if IsNotFound(err) {
			t.Errorf("IsNotFound(%v) = true, want false", err)
		}
	}
}
