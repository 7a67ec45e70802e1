package load

import (
	"crypto/sha256"
	"fmt"
	"go/version"
	"maps"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"

	"golang.org/x/mod/module"
	"golang.org/x/tools/go/packages"

	"github.com/grpclint/grpclint/internal/cache"
	"github.com/grpclint/grpclint/internal/wholefile"
)

// keys makes the keys of packages' declarations: of all that these follow from.
type keys struct {
	read     func(name string) ([]byte, error)
	platform platform
	known    map[*packages.Package]keyed
	sums     map[string]Sum    // of files that are part of keys
	standard map[string]string // versions of the standard library, by GOROOT
	edited   map[string][]byte // texts that are not those on disk
}

func newKeys(cfg Config, platform platform) *keys {
	return &keys{
		read:     cfg.read,
		platform: platform,
		known:    make(map[*packages.Package]keyed),
		sums:     make(map[string]Sum),
		standard: make(map[string]string),
		edited:   cfg.Overlay,
	}
}

type keyed struct {
	key  cache.Key
	sums []Sum // of the files, if they are part of the key
}

// of returns a package's key, and the sums of its files if these are not known
// to stay as they are.
func (k *keys) of(p *packages.Package) (cache.Key, []Sum) {
	if known, ok := k.known[p]; ok {
		return known.key, known.sums
	}
	hash := sha256.New()
	fmt.Fprintf(hash, "%s\n%s %s %s\n%q %q\n", format(), k.platform.arch, goVersion(p), p.Name, p.PkgPath, p.CompiledGoFiles)
	if m := p.Module; m != nil {
		fmt.Fprintf(hash, "%q %q %q %t\n", m.Path, m.Version, m.Dir, m.Main)
	}
	var sums []Sum
	if origin := k.immutable(p); origin != "" {
		fmt.Fprintf(hash, "of %q\n", origin)
	} else {
		for _, name := range p.CompiledGoFiles {
			src, _ := k.read(name) // whoever needs it reads it again, and says what is wrong
			sum := SumOf(src)
			sums, k.sums[name] = append(sums, sum), sum
			fmt.Fprintf(hash, "%x\n", sum)
		}
	}
	for _, path := range slices.Sorted(maps.Keys(p.Imports)) {
		key, _ := k.of(p.Imports[path])
		fmt.Fprintf(hash, "%q %x\n", path, key)
	}
	known := keyed{cache.Key(hash.Sum(nil)), sums}
	k.known[p] = known
	return known.key, sums
}

// immutable returns what a package's source is known by if nobody changes it
// there: of the standard library and of the cache of modules.
func (k *keys) immutable(p *packages.Package) string {
	if len(p.CompiledGoFiles) == 0 || slices.ContainsFunc(p.CompiledGoFiles, k.isEdited) {
		return ""
	}
	m := p.Module
	if m == nil {
		return k.standardVersion(p.CompiledGoFiles[0], p.PkgPath)
	}
	if m.Replace != nil {
		m = m.Replace
	}
	if m.Version == "" {
		return ""
	}
	escaped, err := module.EscapeVersion(m.Version)
	if err != nil || !strings.Contains(filepath.ToSlash(p.CompiledGoFiles[0]), "@"+escaped+"/") {
		return "" // it is vendored
	}
	return m.Path + "@" + m.Version
}

func (k *keys) isEdited(name string) bool {
	_, edited := k.edited[name]
	return edited
}

// standardVersion returns the version of the standard library that holds a
// package's file, or "".
func (k *keys) standardVersion(file, pkgPath string) string {
	root, ok := strings.CutSuffix(filepath.ToSlash(filepath.Dir(file)), "/src/"+pkgPath)
	if !ok {
		return ""
	}
	found, ok := k.standard[root]
	if !ok {
		text, _ := wholefile.Read(filepath.Join(filepath.FromSlash(root), "VERSION"), wholefile.Settings)
		found, _, _ = strings.Cut(string(text), "\n")
		if found = strings.TrimSpace(found); !version.IsValid(version.Lang(found)) {
			found = "" // built from its repository
		}
		k.standard[root] = found
	}
	return found
}

func goVersion(p *packages.Package) string {
	if p.Module != nil && p.Module.GoVersion != "" {
		return "go" + p.Module.GoVersion
	}
	return ""
}

// format tells who wrote an entry: other versions of the type checker, and of
// the export data, write others.
var format = sync.OnceValue(func() string {
	text := "declarations 2, " + runtime.Version()
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, m := range info.Deps {
			if m.Path == "golang.org/x/tools" {
				text += ", " + m.Version
			}
		}
	}
	return text
})
