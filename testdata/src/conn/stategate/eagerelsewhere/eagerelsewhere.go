// Package eagerelsewhere gets its connections from a package that connects
// at once: silent.
package eagerelsewhere

import (
	"errors"

	"google.golang.org/grpc/connectivity"

	"example.com/testdata/conn/stategate/eager"
)

func gate(addr string) error {
	conn, err := eager.Open(addr)
	if err != nil {
		return err
	}
	defer conn.Close()
	if conn.GetState() != connectivity.Ready {
		return errors.New("not ready")
	}
	return nil
}
