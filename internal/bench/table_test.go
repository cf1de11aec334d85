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
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestMarkdownHasATableForEachCLIThatWasMeasured(t *testing.T) {
	figures := []figure{{Work: "orders-300", CLI: "Terraform v1", Step: stepPlan, Own: sample{Seconds: 4.1}, Twin: &sample{Seconds: 2.2}, TwinRatio: 1.86, Rewards: 300}}
	text := (&report{CLIs: []string{"Terraform v1", "OpenTofu v1"}, Start: 0.046, Figures: figures}).markdown()
	for _, part := range []string{"46 ms", "\nTerraform v1:\n", "| orders-300 | plan | 4.10 | 2.20 |"} {
		if !strings.Contains(text, part) {
			t.Errorf("markdown() lacks %q, want it in\n%s", part, text)
		}
	}
	if strings.Contains(text, "OpenTofu v1:") {
		t.Errorf("markdown() has a table without rows, want none in\n%s", text)
	}
}

func TestChosen(t *testing.T) {
	for only, want := range map[string]bool{"": true, "orders": true, "start,orders-300": true, "start": false, "orders-300,items": true, "campaign": false} {
		if got := chosen("orders-300", only); got != want {
			t.Errorf("chosen() with -only %q = %t, want %t", only, got, want)
		}
	}
}

func TestEachWorkHasItsConfiguration(t *testing.T) {
	for _, w := range works {
		if text, err := w.config(""); err != nil || len(text) == 0 {
			t.Errorf("%s: config() = %d bytes, error %v, want a configuration", w.name, len(text), err)
		}
		if text, err := w.config(twinSuffix); err != nil || (text == nil) != (w.shape == "catalogue") {
			t.Errorf("the twin of %s: config() = %d bytes, error %v, want none: %t", w.name, len(text), err, w.shape == "catalogue")
		}
	}
}
