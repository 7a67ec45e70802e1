package load

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"fmt"
	"slices"

	"golang.org/x/tools/go/packages"

	"github.com/grpclint/grpclint/internal/cache"
)

// Key returns a key of all that the program follows from: of the packages that
// match the patterns, of all that these import, and of the files that they embed.
// It is false if that cannot be known, or is no matter of files alone: something
// is wrong with a package, or files are made by cgo.
func (l *Listing) Key() (key cache.Key, ok bool) {
	if l.checker == nil {
		return key, false
	}
	hash := sha256.New()
	matched := slices.SortedFunc(slices.Values(l.matched), func(a, b *packages.Package) int { return cmp.Compare(a.ID, b.ID) })
	keys := l.checker.others.keys
	for _, p := range matched {
		own, _ := keys.of(p)
		fmt.Fprintf(hash, "%q %x %q\n", p.ID, own, p.Dir)
	}
	ok = true
	packages.Visit(l.matched, func(p *packages.Package) bool {
		ok = ok && len(p.Errors) == 0
		return ok
	}, nil)
	l.embeds = l.embedded()
	hash.Write(l.embeds)
	return cache.Key(hash.Sum(nil)), ok
}

// embedded is what the packages embed that may be written to.
func (l *Listing) embedded() []byte {
	var files []string
	packages.Visit(l.matched, nil, func(p *packages.Package) {
		if l.checker.others.keys.immutable(p) == "" {
			files = append(files, p.EmbedFiles...)
		}
	})
	slices.Sort(files)
	hash := sha256.New()
	for _, name := range slices.Compact(files) { // of a package and its variants
		text, err := l.cfg.read(name)
		fmt.Fprintf(hash, "%q %x %t\n", name, SumOf(text), err == nil)
	}
	return hash.Sum(nil)
}

// Unchanged reports whether the program was made of the very texts of which the
// key was, and of nothing else. It is to be asked when the program was analysed,
// because what is embedded is read then.
func (l *Listing) Unchanged(program *Program) bool {
	if len(program.Errors) > 0 || l.checker.processed || !bytes.Equal(l.embeds, l.embedded()) {
		return false
	}
	for name, sum := range l.checker.others.keys.sums {
		if read, ok := program.Sums[name]; ok && read != sum {
			return false
		}
	}
	return !l.checker.others.changed.Load()
}
