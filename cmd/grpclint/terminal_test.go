package main

import (
	"bytes"
	"os"
	"testing"
	"time"
)

func TestProgress(t *testing.T) {
	var out bytes.Buffer
	quick := &progress{w: &out, start: time.Now()}
	quick.show("type-checked", 1, 2)
	quick.clear()
	if out.Len() > 0 {
		t.Errorf("work of less than a second shows %q", out.String())
	}
	slow := &progress{w: &out, start: time.Now().Add(-time.Hour)}
	slow.show("type-checked", 1, 2)
	slow.show("type-checked", 2, 2) // too soon to be read
	slow.clear()
	slow.clear()
	if got, want := out.String(), "\r\x1b[Kgrpclint: type-checked 1 of 2 packages\r\x1b[K"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestNoTerminal(t *testing.T) {
	file, err := os.CreateTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if isTerminal(file) || isTerminal(new(bytes.Buffer)) {
		t.Error("a file or a buffer counts as a terminal")
	}
	if newProgress(file, false).w != nil {
		t.Error("progress without a terminal")
	}
}
