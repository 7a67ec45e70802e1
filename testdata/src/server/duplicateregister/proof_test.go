package duplicateregister

import (
	"testing"

	"example.com/testdata/proof"
)

func TestEnds(t *testing.T) {
	proof.Contains(t, proof.Crash(t, func() { twice() }), "duplicate service registration")
}

func TestReflectionEnds(t *testing.T) {
	proof.Contains(t, proof.Crash(t, func() { reflected(true) }), "duplicate service registration")
}

func TestRight(t *testing.T) {
	two()
	branches(true)
}
