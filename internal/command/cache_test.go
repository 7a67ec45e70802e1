package command

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/grpclint/grpclint/internal/cache"
)

func TestCache(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "cache")
	t.Setenv("GRPCLINT_CACHE", dir)
	noise := make([]byte, 2_000_000) // which cannot be compressed
	for i := range noise {
		noise[i] = byte(rand.N(256))
	}
	cache.User().Put(cache.Key{1}, noise)
	for _, test := range []struct {
		args, want string
		status     int
	}{
		{"size", "1 file, 2.0 MB in " + dir + "\n", 0},
		{"clean", "removed 2.0 MB from " + dir + "\n", 0},
		{"size", "0 files, 0.0 MB in " + dir + "\n", 0},
		{"", `grpclint: cache takes one argument, size or clean, got []` + "\n", 2},
		{"wipe", `grpclint: cache takes one argument, size or clean, got ["wipe"]` + "\n", 2},
	} {
		var out bytes.Buffer
		status := Cache(t.Context(), strings.Fields(test.args), &out, &out)
		if status != test.status || out.String() != test.want {
			t.Errorf("cache %s: status %d, %q, want %d, %q", test.args, status, out.String(), test.status, test.want)
		}
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("the empty folder is still there")
	}
	t.Setenv("GRPCLINT_CACHE", "off")
	var out bytes.Buffer
	if status := Cache(t.Context(), []string{"size"}, &out, &out); status != 2 || !strings.Contains(out.String(), "GRPCLINT_CACHE") {
		t.Errorf("off: status %d, %q", status, out.String())
	}
}
