package okerror

import (
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

func TestOK(t *testing.T) {
	if err := status.Error(codes.OK, "fine"); err != nil {
		t.Error(err)
	}
}
