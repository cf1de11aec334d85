package wire

import (
	"errors"
	"net/http"
	"slices"
)

// ErrNotFound is wrapped where an admin call names what is not there.
var ErrNotFound = errors.New("there is no such thing here")

// apiError is the body of every error but one (ERR, 5.1).
type apiError struct {
	Type    string   `json:"type"`
	Message string   `json:"message"`
	Help    *string  `json:"help"`
	Details []Detail `json:"details,omitempty"`
}

// Refuse is an error in Runa's usual shape; without help that member is null.
func Refuse(status int, kind, message, help string) Answer {
	body := apiError{Type: kind, Message: message}
	if help != "" {
		body.Help = &help
	}
	return Reply(status, body)
}

// RateExceeded is the one error with a shape of its own (SPEC, 5.1).
func RateExceeded() Answer {
	return Answer{Status: http.StatusTooManyRequests, Body: []byte(`{"error":"rate exceeded"}`)}
}

// ForStatus is what Runa is likely to say with a status (5.2): the body of faults that
// bring none. Statuses that its documentation does not know get the nearest type.
func ForStatus(status int) Answer {
	switch status {
	case http.StatusTooManyRequests:
		return RateExceeded()
	case http.StatusUnprocessableEntity:
		return Invalid([]Detail{{Type: "value_error", Message: "A fault of the sandbox", Location: []string{"body"}}}, false)
	}
	kind, ok := usualTypes[status]
	switch {
	case ok:
	case status < 400:
		return Answer{Status: status, Body: []byte(`{}`)}
	case status < 500:
		kind = "bad_request"
	default:
		kind = "internal_server_error"
	}
	return Refuse(status, kind, http.StatusText(status)+": a fault of the sandbox.", "")
}

var usualTypes = map[int]string{
	http.StatusUnauthorized:   "unauthorized",
	http.StatusForbidden:      "forbidden",
	http.StatusNotFound:       "not_found",
	http.StatusConflict:       "idempotency_in_progress",
	http.StatusGone:           "version_removed",
	http.StatusGatewayTimeout: "timeout",
}

// Detail is one finding of a 422. The playground's are Pydantic-v2 in style and their
// location starts with "body"; production's are Pydantic-v1 and it does not (PLAY,
// 5.1). Checks speak the playground's.
type Detail struct {
	Type     string   `json:"type"`
	Message  string   `json:"message"`
	Location []string `json:"location"`
}

// Invalid is the 422 with everything that is wrong with the request, in the style of
// the mode.
func Invalid(details []Detail, production bool) Answer {
	if production {
		details = slices.Clone(details)
		for i, d := range details {
			details[i] = Detail{productionType(d.Type), d.Message, d.Location[1:]}
		}
	}
	return Reply(http.StatusUnprocessableEntity, apiError{
		Type:    "validation_error",
		Message: "The request is not valid; the details say where.",
		Details: details,
	})
}

// productionType is Pydantic-v1's word for a kind of finding.
func productionType(kind string) string {
	if old, ok := productionTypes[kind]; ok {
		return old
	}
	return kind // value_error is the same in both
}

var productionTypes = map[string]string{
	"missing":                 "value_error.missing",
	"enum":                    "type_error.enum",
	"extra_forbidden":         "value_error.extra",
	"model_attributes_type":   "type_error.dict",
	"dict_type":               "type_error.dict",
	"union_tag_not_found":     "value_error.discriminated_union.missing_discriminator",
	"union_tag_invalid":       "value_error.discriminated_union.invalid_discriminator",
	"list_type":               "type_error.list",
	"too_short":               "value_error.list.min_items",
	"too_long":                "value_error.list.max_items",
	"string_type":             "type_error.str",
	"string_too_long":         "value_error.any_str.max_length",
	"string_pattern_mismatch": "value_error.str.regex",
	"float_type":              "type_error.float",
	"finite_number":           "value_error.number.not_finite_number",
	"greater_than_equal":      "value_error.number.not_ge",
	"decimal_max_places":      "value_error.decimal.max_places",
}
