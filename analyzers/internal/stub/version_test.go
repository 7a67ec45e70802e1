package stub_test

import (
	"testing"

	"github.com/grpclint/grpclint/analyzers/internal/stub"
)

func TestVersion(t *testing.T) {
	for _, test := range []struct {
		have, version   string
		atLeast, before bool
	}{
		{"1.64.0", "v1.64", true, false},
		{"1.64.2", "v1.64", true, false},
		{"1.64.0-dev", "v1.64", true, false},
		{"1.100.0", "v1.64", true, false},
		{"2.0.0", "v1.64", true, false},
		{"1.9.0", "v1.64", false, true},
		{"", "v1.64", false, false},
		{"next", "v1.64", false, false},
	} {
		x := &stub.Index{Version: test.have}
		if x.AtLeast(test.version) != test.atLeast || x.Before(test.version) != test.before {
			t.Errorf("%q is at least %s: %t, before: %t", test.have, test.version, x.AtLeast(test.version), x.Before(test.version))
		}
	}
}
