package sandbox

import (
	"net/http"
	"slices"
)

// detail is one finding of a 422. The playground's are Pydantic-v2 in style and their
// location starts with "body"; production's are Pydantic-v1 and it does not (PLAY,
// 5.1). Checks speak the playground's.
type detail struct {
	Type     string   `json:"type"`
	Message  string   `json:"message"`
	Location []string `json:"location"`
}

// invalid is the 422 with everything that is wrong with the request, in the style of
// the mode.
func (s *Sandbox) invalid(details []detail) answer {
	if s.options.production() {
		details = slices.Clone(details)
		for i, d := range details {
			details[i] = detail{productionType(d.Type), d.Message, d.Location[1:]}
		}
	}
	return invalid(details)
}

// invalid is the 422 with details in whatever style.
func invalid(details []detail) answer {
	return reply(http.StatusUnprocessableEntity, apiError{
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
