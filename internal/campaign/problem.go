package campaign

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Problem is what is wrong with one reward of a list. It never quotes the list, which
// may hold e-mail addresses; only a reward's id.
type Problem struct {
	// Row counts the list's entries from 1; 0 is the whole list.
	Row int
	ID  string // "" where it cannot be read
	// Kind is the same for problems that are told together.
	Kind    string
	Text    string
	Warning bool
}

// Report is all problems of a kind.
type Report struct {
	Kind    string
	Detail  string
	Warning bool
}

// mostRows is how many rows of a kind are spelt out.
const mostRows = 20

// Reports puts the problems of each kind together, kinds and rows in their order.
func Reports(problems []Problem) (reports []Report) {
	kinds := map[string][]Problem{}
	var order []string
	for _, problem := range problems {
		if kinds[problem.Kind] == nil {
			order = append(order, problem.Kind)
		}
		kinds[problem.Kind] = append(kinds[problem.Kind], problem)
	}
	for _, kind := range order {
		same := kinds[kind]
		slices.SortStableFunc(same, func(a, b Problem) int { return cmp.Compare(a.Row, b.Row) })
		var lines []string
		for i, problem := range same {
			if i == mostRows {
				lines = append(lines, fmt.Sprintf("and %d more like these.", len(same)-mostRows))
				break
			}
			lines = append(lines, problem.String())
		}
		reports = append(reports, Report{Kind: kind, Detail: strings.Join(lines, "\n"), Warning: same[0].Warning})
	}
	return reports
}

func (p Problem) String() string {
	switch {
	case p.Row == 0 && p.ID == "":
		return p.Text
	case p.Row == 0:
		return fmt.Sprintf("id %s: %s", p.ID, p.Text)
	case p.ID == "":
		return fmt.Sprintf("row %d: %s", p.Row, p.Text)
	default:
		return fmt.Sprintf("row %d, id %s: %s", p.Row, p.ID, p.Text)
	}
}
