package main

import (
	"bytes"
	"testing"
	"time"

	"github.com/grpclint/grpclint/internal/moduletest"
)

func TestWaiting(t *testing.T) {
	tests := []struct {
		terminal, verbose bool
		want              string
	}{
		{false, false, ""},
		{true, false, "\r\x1b[Kgrpclint: waiting for Go (1 s)\r\x1b[Kgrpclint: waiting for Go (2 s)\r\x1b[K"},
		{false, true, "grpclint: waiting for Go\n"},
		{true, true, "grpclint: waiting for Go\n\r\x1b[Kgrpclint: waiting for Go (1 s)\r\x1b[Kgrpclint: waiting for Go (2 s)\r\x1b[K"},
	}
	for _, test := range tests {
		var out bytes.Buffer
		w := newWaiting(new(progress), &out, test.verbose)
		if test.terminal {
			w.bar.w = &out
		}
		second, stopped := make(chan time.Time), false
		w.ticks = func() (<-chan time.Time, func()) { return second, func() { stopped = true } }
		done := w.begin("Go")
		if test.terminal || test.verbose {
			second <- time.Time{}
			second <- time.Time{}
		}
		done()
		if out.String() != test.want || stopped != (test.terminal || test.verbose) {
			t.Errorf("%+v: %q, stopped %v", test, out.String(), stopped)
		}
		w.begin("something short")()
		if out.String() != test.want {
			t.Errorf("%+v: something short: %q", test, out.String())
		}
	}
}

// What is waited for is the go command.
func TestWaitingForGo(t *testing.T) {
	dir := moduletest.Write(t, module)
	flags, err := parseFlags([]string{"-C", dir, "-tests=false"}, new(bytes.Buffer))
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	s := &session{flags: flags, stderr: new(bytes.Buffer), bar: new(progress)}
	s.wait = func(what string) func() {
		told = append(told, what)
		return func() { told = append(told, "done") }
	}
	if err := s.run(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := "go list, which downloads modules"
	if len(told) != 2 || told[0] != want || told[1] != "done" {
		t.Errorf("told %q", told)
	}
}
