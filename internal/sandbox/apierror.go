package sandbox

import "net/http"

// apiError is the body of every error but one (ERR, 5.1).
type apiError struct {
	Type    string   `json:"type"`
	Message string   `json:"message"`
	Help    *string  `json:"help"`
	Details []detail `json:"details,omitempty"`
}

// detail is one finding of a 422. Playground details are Pydantic-v2 in style and
// their location starts with "body" (PLAY, 5.1).
type detail struct {
	Type     string   `json:"type"`
	Message  string   `json:"message"`
	Location []string `json:"location"`
}

// refuse is an error in Runa's usual shape; without help that member is null.
func refuse(status int, kind, message, help string) answer {
	body := apiError{Type: kind, Message: message}
	if help != "" {
		body.Help = &help
	}
	return reply(status, body)
}

// invalid is the 422 with everything that is wrong with the request.
func invalid(details []detail) answer {
	return reply(http.StatusUnprocessableEntity, apiError{
		Type:    "validation_error",
		Message: "The request is not valid; the details say where.",
		Details: details,
	})
}

// rateExceeded is the one error with a shape of its own (SPEC, 5.1).
func rateExceeded() answer {
	return answer{status: http.StatusTooManyRequests, body: []byte(`{"error":"rate exceeded"}`)}
}

// usual is what Runa is likely to say with a status (5.2): the body of faults that
// bring none. Statuses that its documentation does not know get the nearest type.
func usual(status int) answer {
	switch status {
	case http.StatusTooManyRequests:
		return rateExceeded()
	case http.StatusUnprocessableEntity:
		return invalid([]detail{{Type: "value_error", Message: "A fault of the sandbox", Location: []string{"body"}}})
	}
	kind, ok := usualTypes[status]
	switch {
	case ok:
	case status < 400:
		return answer{status: status, body: []byte(`{}`)}
	case status < 500:
		kind = "bad_request"
	default:
		kind = "internal_server_error"
	}
	return refuse(status, kind, http.StatusText(status)+": a fault of the sandbox.", "")
}

var usualTypes = map[int]string{
	http.StatusUnauthorized:   "unauthorized",
	http.StatusForbidden:      "forbidden",
	http.StatusNotFound:       "not_found",
	http.StatusConflict:       "idempotency_in_progress",
	http.StatusGone:           "version_removed",
	http.StatusGatewayTimeout: "timeout",
}
