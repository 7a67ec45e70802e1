package concurrentsend

import (
	"context"
	"testing"
)

func stub(t *testing.T, lookup func(context.Context, string) ([]string, error)) {
	before := lookupHost
	lookupHost = lookup
	t.Cleanup(func() { lookupHost = before })
}

// A variable that one test replaces.
func TestAddresses(t *testing.T) {
	stub(t, func(context.Context, string) ([]string, error) { return nil, nil })
	if _, err := addresses(t.Context(), "localhost"); err != nil {
		t.Error(err)
	}
}
