package main

import "testing"

// TestBell: who waits for the n-th is woken by the n-th, and not before.
func TestBell(t *testing.T) {
	var b bell
	b.ring()
	next, third := b.after(1), b.after(3)
	for n, want := range []struct{ next, third bool }{{true, false}, {true, false}, {true, true}} {
		b.ring()
		for name, one := range map[string]struct {
			bell <-chan struct{}
			want bool
		}{"the next": {next, want.next}, "the third": {third, want.third}} {
			if got := woken(one.bell); got != one.want {
				t.Errorf("after %d, %s is woken: %t, want %t", n+1, name, got, one.want)
			}
		}
	}
}

func woken(bell <-chan struct{}) bool {
	select {
	case <-bell:
		return true
	default:
		return false
	}
}
