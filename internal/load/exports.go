package load

import (
	"fmt"
	"go/token"
	"go/types"
	"os"
	"sync"

	"golang.org/x/tools/go/gcexportdata"
	"golang.org/x/tools/go/packages"
)

// exports gives the types of packages that are not read from source. It
// reads a package's export data when the package is first imported: most
// packages below the closure never are.
type exports struct {
	fset *token.FileSet

	// mu guards the maps and every package in them that is not complete:
	// reading one package's export data may add to those that it names.
	mu     sync.Mutex
	plain  map[string]*types.Package // by package path
	recut  map[string]*types.Package // variants for tests, by ID
	failed map[string]error          // by ID
}

func newExports(fset *token.FileSet) *exports {
	return &exports{
		fset:   fset,
		plain:  make(map[string]*types.Package),
		recut:  make(map[string]*types.Package),
		failed: make(map[string]error),
	}
}

func (e *exports) importPackage(p *packages.Package) (*types.Package, error) {
	if p.PkgPath == "unsafe" {
		return types.Unsafe, nil
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if known := e.lookup(p); known != nil && known.Complete() {
		return known, nil
	}
	if err := e.failed[p.ID]; err != nil {
		return nil, err
	}
	pkg, err := e.read(p)
	if err != nil {
		e.failed[p.ID] = err
	}
	return pkg, err
}

func (e *exports) lookup(p *packages.Package) *types.Package {
	if isRecut(p) {
		return e.recut[p.ID]
	}
	return e.plain[p.PkgPath]
}

// isRecut reports whether the go command compiles p anew for a test,
// because it is, or imports, a package with test files.
func isRecut(p *packages.Package) bool { return p.ID != p.PkgPath }

func (e *exports) read(p *packages.Package) (*types.Package, error) {
	file, err := os.Open(p.ExportFile)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	data, err := gcexportdata.NewReader(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", p.ID, err)
	}
	view := e.plain
	if isRecut(p) {
		view = e.viewFrom(p)
	}
	return gcexportdata.Read(data, e.fset, view, p.PkgPath)
}

// viewFrom returns the packages that a recompiled package sees: several
// have one path, and which of them is meant depends on who imports it.
func (e *exports) viewFrom(p *packages.Package) map[string]*types.Package {
	view := make(map[string]*types.Package)
	packages.Visit([]*packages.Package{p}, nil, func(p *packages.Package) {
		pkg := e.lookup(p)
		if pkg == nil {
			pkg = types.NewPackage(p.PkgPath, p.Name)
			if isRecut(p) {
				e.recut[p.ID] = pkg
			} else {
				e.plain[p.PkgPath] = pkg
			}
		}
		view[p.PkgPath] = pkg
	})
	return view
}
