// Package plain knows nothing of gRPC.
package plain

import (
	"log"
	"os"
)

// Die ends the process.
func Die(text string) {
	log.Print(text)
	end(3)
}

func end(code int) {
	os.Exit(code)
}

// Must ends the process if something is wrong.
func Must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

// Done ends the process when all is well.
func Done() { os.Exit(0) }

// Check panics if something is wrong.
func Check(err error) {
	if err != nil {
		panic(err)
	}
}
