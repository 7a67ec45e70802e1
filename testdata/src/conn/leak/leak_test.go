package leak

import (
	"testing"

	"google.golang.org/grpc"
)

// Tests end soon, and their connections with them.
func TestLook(t *testing.T) {
	conn, err := grpc.NewClient("localhost:1", creds)
	if err != nil {
		t.Fatal(err)
	}
	if err := look(t.Context(), conn); err == nil {
		t.Error("no error")
	}
}
