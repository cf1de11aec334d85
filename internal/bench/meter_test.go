package main

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"
)

func TestTotal(t *testing.T) {
	file := filepath.Join(t.TempDir(), "meter")
	for _, one := range []use{{time.Second, 40e6}, {3 * time.Second, 90e6}, {time.Millisecond, 50e6}} {
		if err := record(file, one); err != nil {
			t.Fatal(err)
		}
	}
	lines, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	sum, err := total(lines)
	if want := (use{4*time.Second + time.Millisecond, 90e6}); err != nil || sum != want {
		t.Errorf("total() = %+v, error %v, want %+v", sum, err, want)
	}
	if _, err := total(lines[:len(lines)-5]); err == nil {
		t.Error("total() of a line that was cut off = no error, want one")
	}
}

// TestMeter has the meter run a shell that works for a while.
func TestMeter(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("needs a shell")
	}
	file := filepath.Join(t.TempDir(), "meter")
	if code := meter(file, "/bin/sh", []string{"-c", "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; exit 3"}); code != 3 {
		t.Errorf("meter() = exit code %d, want 3", code)
	}
	lines, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if one, err := total(lines); err != nil || one.CPU <= 0 || one.Peak <= 0 {
		t.Errorf("total() = %+v, error %v, want time and memory above 0", one, err)
	}
	if code := meter(file, "/no/such/program", nil); code != 1 {
		t.Errorf("meter() of a program that is not there = %d, want 1", code)
	}
}
