package nocredentials

import (
	"testing"

	"google.golang.org/grpc"
)

// A test asks for the failure.
func TestNone(t *testing.T) {
	if conn, err := grpc.NewClient("x"); err == nil {
		conn.Close()
		t.Error("no error")
	}
}
