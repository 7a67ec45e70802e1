// Package plain knows nothing of gRPC, so nobody looks at what it does.
package plain

import "os"

// Finish may end the process, or not.
func Finish(err error) {
	if err != nil {
		os.Exit(1)
	}
}

// Warn says what is wrong.
func Warn(err error) { println(err.Error()) }
