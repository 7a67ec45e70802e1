// Package cli ends programs.
package cli

import (
	"fmt"
	"os"

	"google.golang.org/grpc/status"
)

// Bail ends the process, whatever it is called.
func Bail(err error) {
	fmt.Fprintln(os.Stderr, "error:", status.Convert(err).Message())
	leave(1)
}

func leave(code int) {
	if code == 0 {
		code = 1
	}
	os.Exit(code)
}

// Check ends the process if there is an error.
func Check(err error) {
	if err == nil {
		return
	}
	Bail(err)
}

// FatalLess is named for an end and has none.
func FatalLess(err error) { fmt.Fprintln(os.Stderr, err) }

// Guard panics, and comes back.
func Guard(err error) {
	defer func() { fmt.Fprintln(os.Stderr, recover()) }()
	panic(err)
}
