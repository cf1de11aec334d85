package purchase

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/runa-community/terraform-provider-runa/internal/client"
)

func TestJudge(t *testing.T) {
	unreadable := func(status int) error {
		return &client.UnreadableError{Method: "POST", Path: "/order", Status: status, Reason: "it ended early"}
	}
	tests := map[string]struct {
		err  error
		want finding
	}{
		"never sent":                  {errUnsent, unsent},
		"never sent, interrupted":     {&client.TransportError{Err: context.Canceled}, unsent},
		"sent, no answer":             {errLost, lost},
		"sent, 102, no answer":        {&client.TransportError{Sent: true, Interim: true, Err: errors.New("reset")}, lost},
		"answer cut short":            {unreadable(202), lost},
		"refusal cut short":           {unreadable(400), lost},
		"an error nobody thought of":  {errors.New("?"), lost},
		"wrapped":                     {fmt.Errorf("while buying: %w", refused400), refused},
		"wrapped and never sent":      {fmt.Errorf("while buying: %w", errUnsent), unsent},
		"status unknown":              {refusal(0, ""), lost},
		"304":                         {refusal(304, ""), lost},
		"302, perhaps after the fact": {refusal(302, ""), lost},
		"301":                         {refusal(301, ""), blocked},
		"307":                         {refusal(307, ""), blocked},
		"308":                         {refusal(308, ""), blocked},
		"600":                         {refusal(600, ""), lost},

		// The whole list of Runa's errors (ERR).
		"unauthorized":                       {refusal(401, "unauthorized"), blocked},
		"invalid_api_key":                    {refusal(401, "invalid_api_key"), blocked},
		"forbidden":                          {refusal(403, "forbidden"), blocked},
		"ordering_restricted":                {refusal(403, "ordering_restricted"), blocked},
		"not_found":                          {refusal(404, "not_found"), blocked},
		"not-found":                          {refusal(404, "not-found"), blocked},
		"bad_request":                        {refusal(400, "bad_request"), refused},
		"insecure_protocol":                  {refusal(400, "insecure_protocol"), blocked},
		"invalid_version":                    {refusal(400, "invalid_version"), blocked},
		"version_removed":                    {refusal(410, "version_removed"), blocked},
		"validation_error":                   {refusal(422, "validation_error"), refused},
		"pagination_error":                   {refusal(400, "pagination_error"), blocked},
		"invalid_execution_mode":             {refusal(400, "invalid_execution_mode"), refused},
		"idempotency_validation_error":       {refusal(400, "idempotency_validation_error"), conflicting},
		"idempotency_in_progress":            {refusal(400, "idempotency_in_progress"), busy},
		"idempotency_in_progress, 102's":     {refusal(102, "idempotency_in_progress"), busy},
		"idempotency_in_progress, 409's":     {refusal(409, "idempotency_in_progress"), busy},
		"insufficient_funds":                 {refusal(400, "insufficient_funds"), refused},
		"product_validation_error":           {refusal(400, "product_validation_error"), refused},
		"currency_mismatch":                  {refusal(400, "currency_mismatch"), refused},
		"payment_method_unavailable":         {refusal(400, "payment_method_unavailable"), refused},
		"invalid_card_id":                    {refusal(400, "invalid_card_id"), refused},
		"currency_not_supported":             {refusal(400, "currency_not_supported"), refused},
		"internal_server_error":              {refusal(500, "internal_server_error"), lost},
		"timeout":                            {refusal(504, "timeout"), lost},
		"429":                                {throttled429, throttled},
		"a new reason":                       {refusal(400, "out_of_luck"), blocked},
		"a refusal with the wrong status":    {refusal(403, "insufficient_funds"), blocked},
		"a refusal in a 500":                 {refusal(500, "insufficient_funds"), lost},
		"a refusal in somebody else's words": {&client.APIError{Status: 400, Type: "insufficient_funds"}, blocked},

		"gateway's 400": {refusal(400, ""), blocked},
		"gateway's 401": {gateway401, blocked},
		"gateway's 402": {refusal(402, ""), blocked},
		"gateway's 404": {refusal(404, ""), blocked},
		"gateway's 405": {refusal(405, ""), blocked},
		"proxy's 408":   {refusal(408, ""), lost},
		"409":           {refusal(409, ""), busy},
		"gateway's 410": {refusal(410, ""), blocked},
		"gateway's 413": {refusal(413, ""), blocked},
		"gateway's 422": {refusal(422, ""), blocked},
		"proxy's 425":   {refusal(425, ""), lost},
		"gateway's 502": {refusal(502, ""), lost},
		"gateway's 503": {refusal(503, ""), lost},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := judge(test.err); got != test.want {
				t.Errorf("judge(%v) = %d, want %d", test.err, got, test.want)
			}
		})
	}
}
