package campaign

import "testing"

// FuzzRewards reads a list that anybody may have written. What is read without a problem
// is written and read again as the same rewards.
func FuzzRewards(f *testing.F) {
	for _, seed := range []string{
		`[{"id":"w-1","face_value":25,"products":{"type":"SINGLE","value":"ACME-US"},"distribution_method":{"type":"EMAIL","email_address":"ana@example.com"}}]`,
		`[{"id":"w-1","face_value":"12.50","products":{"type":"MULTIPLE","values":["ACME-US","BOLT-US"]},"distribution_method":{"type":"PAYOUT_LINK"}}]`,
		`[{"id":"w-1","face_value":1e40,"products":{"type":"TEMPLATE","template_id":"PT-1"},"distribution_method":{"type":"RECIPIENT","email_address":"a@b.co","recipient_reference":"x"}}]`,
		`[{"id":"w-1"},{"id":"w-1"},null,7,[],{"id":{}}]`, `{}`, `null`, ``, `[`, "[{\"id\":\"\xff\"}]",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		rewards, problems := Parse(text)
		for _, problem := range problems {
			if problem.Kind == "" || problem.Text == "" {
				t.Errorf("Parse(%q) = problem %+v, want one with a kind and a text", text, problem)
			}
		}
		if len(problems) > 0 {
			return
		}
		written, err := Write(rewards)
		if err != nil {
			t.Fatalf("Write() of what %q says = error %v, want none", text, err)
		}
		again, problems := Parse(written)
		if len(problems) > 0 || !Same(again, rewards) {
			t.Errorf("%q is written as %q, which is read as %v with problems %v, want %v and none", text, written, again, problems, rewards)
		}
	})
}
