package load

import (
	"bytes"
	"errors"
	"go/ast"
	"go/parser"
	"go/types"
	"sync"
	"sync/atomic"

	"golang.org/x/tools/go/gcexportdata"
	"golang.org/x/tools/go/packages"

	"github.com/grpclint/grpclint/internal/cache"
)

// declarations gives the types of packages that are not read from source as a
// whole. Nothing is compiled: what a package declares is known without the
// bodies of its functions.
//
//	source ──▶ parse, type-check without bodies ──▶ export data ──▶ types
//	                                                    │  ▲
//	                                                    ▼  │
//	                                                    cache
//
// Types always come from the export data, also of packages that were checked
// just now, so that it makes no difference which are in the cache. Export data
// holds all that a package's declarations refer to: of what a kept package
// imports nothing is read until something else needs it.
type declarations struct {
	checker *checker
	kept    *cache.Folder // nil for none
	keys    *keys

	prepared sync.Map // *packages.Package -> *declared; one goroutine stores

	changed atomic.Bool // a file was written to after its key was made

	// mu guards the maps and every package in them that is not complete:
	// reading one package's export data may add to those that it names.
	mu     sync.Mutex
	plain  map[string]*types.Package // by package path
	recut  map[string]*types.Package // variants for tests, by ID
	failed map[string]error          // by ID
}

// declared are the declarations of one package.
type declared struct {
	done chan struct{} // closed when data and err are there
	data []byte        // export data, until it is read
	err  error
}

func newDeclarations(c *checker, kept *cache.Folder, keys *keys) *declarations {
	return &declarations{
		checker: c,
		kept:    kept,
		keys:    keys,
		plain:   make(map[string]*types.Package),
		recut:   make(map[string]*types.Package),
		failed:  make(map[string]error),
	}
}

// prepare begins to make the declarations of a package available, and of those
// that are needed for that.
func (d *declarations) prepare(p *packages.Package) *declared {
	if known := d.known(p); known != nil {
		return known
	}
	entry := &declared{done: make(chan struct{})}
	d.prepared.Store(p, entry)
	if p.PkgPath == "unsafe" {
		close(entry.done)
		return entry
	}
	key, sums := d.keys.of(p)
	if data, ok := d.kept.Get(key); ok {
		entry.data = data
		close(entry.done)
		return entry
	}
	var imports []*declared
	for _, imported := range p.Imports {
		imports = append(imports, d.prepare(imported))
	}
	go func() {
		defer close(entry.done)
		for _, imported := range imports {
			<-imported.done
		}
		d.checker.slots <- struct{}{}
		defer func() { <-d.checker.slots }()
		whole := false
		if entry.data, whole, entry.err = d.make(p, sums); whole {
			d.kept.Put(key, entry.data)
		}
	}()
	return entry
}

// make makes export data of the source. It is whole if all that the package
// declares is known, and of the files whose sums are given.
func (d *declarations) make(p *packages.Package, sums []Sum) (data []byte, whole bool, err error) {
	c := d.checker
	var files []*ast.File
	whole = true
	cgo := false
	for i, name := range p.CompiledGoFiles {
		src, err := c.read(name)
		if err == nil && len(sums) > 0 && SumOf(src) != sums[i] {
			whole = false // it was written to meanwhile
			d.changed.Store(true)
		}
		var file *ast.File
		if err == nil {
			file, err = parser.ParseFile(c.fset, name, src, parser.SkipObjectResolution)
		}
		if err != nil {
			addError(p, err)
		}
		if file != nil {
			defer c.fset.RemoveFile(c.fset.File(file.FileStart))
			files = append(files, file)
			cgo = cgo || usesCgo(file)
		}
	}
	if len(files) == 0 {
		return nil, false, errNoSource
	}
	pkg := types.NewPackage(p.PkgPath, p.Name)
	err = c.checkFiles(p, pkg, nil, files, types.Config{
		Importer:         importer(func(path string) (*types.Package, error) { return d.importedBy(p, path) }),
		IgnoreFuncBodies: true,
		FakeImportC:      true,
		Error: func(err error) {
			if !cgo { // what C declares is not known
				addError(p, err)
			}
		},
	})
	if _, reported := err.(types.Error); err != nil && !reported {
		addError(p, err)
	}
	if isBroken(p) {
		whole, p.IllTyped = false, true
		c.broken.Store(true)
	}
	var buf bytes.Buffer
	if err := gcexportdata.Write(&buf, c.fset, pkg); err != nil {
		return nil, false, err
	}
	return buf.Bytes(), whole, nil
}

func (d *declarations) importedBy(by *packages.Package, path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	p := by.Imports[path]
	if p == nil {
		return nil, unknown(path)
	}
	return d.importPackage(p)
}

// importPackage returns the types of a package that was prepared.
func (d *declarations) importPackage(p *packages.Package) (*types.Package, error) {
	entry := d.known(p)
	if entry == nil {
		return nil, errNotPrepared
	}
	if entry.err != nil {
		return nil, entry.err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if known := d.lookup(p); known != nil && known.Complete() {
		return known, nil
	}
	if err := d.failed[p.ID]; err != nil {
		return nil, err
	}
	view := d.plain
	if isRecut(p) {
		view = d.viewFrom(p)
	}
	pkg, err := gcexportdata.Read(bytes.NewReader(entry.data), d.checker.fset, view, p.PkgPath)
	if entry.data = nil; err != nil {
		d.failed[p.ID] = err
	}
	return pkg, err
}

var errNotPrepared = errors.New("internal error: its declarations were not asked for")

// known returns the declarations that are, or will be, available, or nil.
func (d *declarations) known(p *packages.Package) *declared {
	entry, _ := d.prepared.Load(p)
	known, _ := entry.(*declared)
	return known
}

func (d *declarations) lookup(p *packages.Package) *types.Package {
	if isRecut(p) {
		return d.recut[p.ID]
	}
	return d.plain[p.PkgPath]
}

// isRecut reports whether the go command compiles p anew for a test,
// because it is, or imports, a package with test files.
func isRecut(p *packages.Package) bool { return p.ID != p.PkgPath }

// viewFrom returns the packages that a recompiled package sees: several
// have one path, and which of them is meant depends on who imports it.
func (d *declarations) viewFrom(p *packages.Package) map[string]*types.Package {
	view := make(map[string]*types.Package)
	packages.Visit([]*packages.Package{p}, nil, func(p *packages.Package) {
		pkg := d.lookup(p)
		if pkg == nil {
			pkg = types.NewPackage(p.PkgPath, p.Name)
			if isRecut(p) {
				d.recut[p.ID] = pkg
			} else {
				d.plain[p.PkgPath] = pkg
			}
		}
		view[p.PkgPath] = pkg
	})
	return view
}

// A platform is what packages are type-checked for.
type platform struct {
	arch string // GOARCH
}

func (p platform) sizes() types.Sizes {
	if sizes := types.SizesFor("gc", p.arch); sizes != nil {
		return sizes
	}
	return types.SizesFor("gc", "amd64") // of an architecture that is newer than we are
}
