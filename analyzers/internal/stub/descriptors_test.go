package stub

import (
	"testing"

	"github.com/grpclint/grpclint/protocheck/method/rawdesc"
)

// Strings that only look like descriptors do no harm.
func FuzzIsDescriptor(f *testing.F) {
	f.Add([]byte("\n\x0bshop.proto\x12\x04shop"))
	f.Add([]byte("\n\x8a\x01shop.proto and so on"))
	f.Add([]byte{0x1f, 0x8b, 8, 0})
	f.Fuzz(func(_ *testing.T, raw []byte) {
		if isDescriptor(raw) {
			_ = new(rawdesc.Files).Add(raw)
		}
	})
}

func TestIsDescriptor(t *testing.T) {
	for raw, want := range map[string]bool{
		"":                               false,
		"\n":                             false,
		"\n\x0ashop.proto":               false, // there is more in a file
		"\n\x0ashop.proto\x12\x04shop":   true,
		"\n\xffshop.proto\x12\x04shop":   false,
		"\n\x0ashop.proxy\x12\x04shop":   false,
		"shop.proto or any other string": false,
	} {
		if got := isDescriptor([]byte(raw)); got != want {
			t.Errorf("%q: %v", raw, got)
		}
	}
}
