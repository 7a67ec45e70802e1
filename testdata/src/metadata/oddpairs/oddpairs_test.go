package oddpairs

import (
	"context"
	"testing"

	md "google.golang.org/grpc/metadata"

	"example.com/testdata/proof"
)

func TestOdd(t *testing.T) {
	proof.Contains(t, proof.Panics(func() { odd() }), "Pairs got the odd number of input pairs for metadata: 3")
	proof.Contains(t, proof.Panics(func() { appended(context.Background()) }), "AppendToOutgoingContext got an odd number")
	proof.Contains(t, proof.Panics(func() { md.Pairs("a") }), "odd number") // want info `gets 1 string`
	if text := proof.Panics(func() { even() }); text != "" {
		t.Error(text)
	}
}
