//go:build unix

package wholefile

import (
	"syscall"
	"testing"
)

// makeFIFO makes a file whose reader waits until somebody writes.
func makeFIFO(t *testing.T, file string) {
	if err := syscall.Mkfifo(file, 0o666); err != nil {
		t.Skip(err)
	}
}
