package main

import (
	"strings"
	"testing"
)

func TestTable(t *testing.T) {
	got := table([][]string{{"work", "step", "÷ twin"}, {"orders", "plan", "1.95"}, {"o", "plan again", ""}})
	want := strings.Join([]string{
		"| work   | step       | ÷ twin |",
		"| ------ | ---------- | -----: |",
		"| orders | plan       |   1.95 |",
		"| o      | plan again |        |",
		"",
	}, "\n")
	if got != want {
		t.Errorf("got\n%s\nnot\n%s", got, want)
	}
}

func TestMarkdownHasATableForEachCLIThatWasMeasured(t *testing.T) {
	figures := []figure{{Work: "orders-300", CLI: "Terraform v1", Step: stepPlan, Own: sample{Seconds: 4.1}, Twin: &sample{Seconds: 2.2}, TwinRatio: 1.86, Rewards: 300}}
	text := (&report{CLIs: []string{"Terraform v1", "OpenTofu v1"}, Start: 0.046, Figures: figures}).markdown()
	for _, part := range []string{"46 ms", "\nTerraform v1:\n", "| orders-300 | plan | 4.10 | 2.20 |"} {
		if !strings.Contains(text, part) {
			t.Errorf("%q is not in\n%s", part, text)
		}
	}
	if strings.Contains(text, "OpenTofu v1:") {
		t.Errorf("a table without rows in\n%s", text)
	}
}

func TestChosen(t *testing.T) {
	for only, want := range map[string]bool{"": true, "orders": true, "start,orders-300": true, "start": false, "orders-300,items": true, "campaign": false} {
		if got := chosen("orders-300", only); got != want {
			t.Errorf("-only %q: %t", only, got)
		}
	}
}

func TestEachWorkHasItsConfiguration(t *testing.T) {
	for _, w := range works {
		if text, err := w.config(""); err != nil || len(text) == 0 {
			t.Errorf("%s: %v", w.name, err)
		}
		if text, err := w.config(twinSuffix); err != nil || (text == nil) != (w.shape == "catalogue") {
			t.Errorf("the twin of %s: %d bytes, %v", w.name, len(text), err)
		}
	}
}
