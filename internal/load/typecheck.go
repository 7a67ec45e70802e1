package load

import (
	"cmp"
	"crypto/sha256"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"go/types"
	"io/fs"
	"maps"
	"slices"
	"sync"
	"sync/atomic"

	"golang.org/x/tools/go/packages"

	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/internal/supervise"
)

// A checker parses and type-checks packages from source, those that import
// each other in order and the others at the same time.
type checker struct {
	worker *supervise.Worker
	fset   *token.FileSet
	source closure // packages that are read from source
	told   closure // of which it is known what they tell
	others *declarations
	sizes  types.Sizes
	read   func(name string) ([]byte, error)
	ask    func(mode packages.LoadMode, patterns []string) ([]*packages.Package, error)
	slots  chan struct{} // one for each package in work

	progress    func(done, total int)
	done, total atomic.Int64

	processed bool // by cgo are some files

	broken atomic.Bool // a package that was read from source does not type-check

	nodes  map[*packages.Package]*node
	parsed sync.Map // file name -> *parsedFile
}

// A node is a package on its way through the checker.
type node struct {
	pkg     *packages.Package
	imports []*node // those that are read from source
	others  []*declared
	before  *node // variant of the same package to be parsed before
	parsed  chan struct{}
	checked chan struct{}
}

// A parsedFile is shared by a package and its variant with test files.
type parsedFile struct {
	once sync.Once
	file *ast.File // nil if unreadable
	sum  Sum
	err  error
}

func newChecker(cfg Config, fset *token.FileSet, source closure, platform platform) *checker {
	c := &checker{
		worker:   supervise.From(cfg.Context),
		fset:     fset,
		source:   maps.Clone(source),
		sizes:    platform.sizes(),
		read:     cfg.read,
		ask:      cfg.ask,
		slots:    make(chan struct{}, cfg.Workers),
		progress: cfg.Progress,
		nodes:    make(map[*packages.Package]*node),
	}
	c.others = newDeclarations(c, cfg.Cache, newKeys(cfg, platform))
	return c
}

// check loads the roots, and what they import, unless that was done before,
// and returns the roots.
func (c *checker) check(roots []*packages.Package) []*packages.Package {
	before := len(c.nodes)
	fresh := make([]*node, 0, len(roots))
	var add func(p *packages.Package) *node
	add = func(p *packages.Package) *node {
		if n := c.nodes[p]; n != nil {
			return n
		}
		n := &node{pkg: p, parsed: make(chan struct{}), checked: make(chan struct{})}
		c.nodes[p] = n
		for _, imported := range p.Imports {
			if c.source[imported] {
				n.imports = append(n.imports, add(imported))
			} else {
				n.others = append(n.others, c.others.prepare(imported))
			}
		}
		fresh = append(fresh, n)
		return n
	}
	for _, root := range roots {
		add(root)
	}
	chainVariants(fresh)
	c.total.Add(int64(len(c.nodes) - before))
	each(fresh, c.parseNode)
	c.processCgo(fresh)
	each(fresh, c.checkNode)
	return roots
}

// each does something with each node, with those that can at the same time.
func each(nodes []*node, do func(*node)) {
	var all sync.WaitGroup
	for _, n := range nodes {
		all.Go(func() { do(n) })
	}
	all.Wait()
}

// chainVariants has variants of a package parsed one after the other, that
// with test files of its own last. They share files, and a file has its place
// in the FileSet from whoever parses it first: the order of a package's
// positions must not depend on chance.
func chainVariants(nodes []*node) {
	sorted := slices.Clone(nodes)
	slices.SortFunc(sorted, func(a, b *node) int {
		last := func(n *node) int {
			if isTestVariant(n.pkg) {
				return 1
			}
			return 0
		}
		return cmp.Or(cmp.Compare(a.pkg.PkgPath, b.pkg.PkgPath), last(a)-last(b), cmp.Compare(a.pkg.ID, b.pkg.ID))
	})
	for i, n := range sorted {
		if i > 0 && sorted[i-1].pkg.PkgPath == n.pkg.PkgPath {
			n.before = sorted[i-1]
		}
	}
}

// declare makes available what packages declare that are not read from source.
func (c *checker) declare(imports map[string]*packages.Package) {
	var others []*declared
	for _, p := range imports {
		if c.nodes[p] == nil {
			others = append(others, c.others.prepare(p))
		}
	}
	for _, other := range others {
		<-other.done
	}
}

func (c *checker) parseNode(n *node) {
	if n.before != nil {
		<-n.before.parsed
	}
	c.slots <- struct{}{}
	c.parse(n.pkg)
	<-c.slots
	close(n.parsed)
}

func (c *checker) checkNode(n *node) {
	for _, imported := range n.imports {
		<-imported.checked
	}
	for _, other := range n.others {
		<-other.done
	}
	c.slots <- struct{}{}
	c.typecheck(n.pkg)
	<-c.slots
	close(n.checked)
	if done := c.done.Add(1); c.progress != nil {
		c.progress(int(done), int(c.total.Load()))
	}
}

func (c *checker) parse(p *packages.Package) {
	for _, name := range p.CompiledGoFiles {
		entry, _ := c.parsed.LoadOrStore(name, new(parsedFile))
		parsed := entry.(*parsedFile)
		parsed.once.Do(func() { parsed.file, parsed.sum, parsed.err = c.parseFile(name) })
		if parsed.err != nil {
			addError(p, parsed.err)
		}
		if parsed.file != nil {
			p.Syntax = append(p.Syntax, parsed.file)
		}
	}
}

func (c *checker) parseFile(name string) (*ast.File, Sum, error) {
	src, err := c.read(name)
	if err != nil {
		return nil, Sum{}, err
	}
	file, err := parser.ParseFile(c.fset, name, src, parser.ParseComments|parser.SkipObjectResolution)
	return file, SumOf(src), err
}

// A Sum tells a text from others.
type Sum [sha256.Size]byte

// SumOf returns that of a text.
func SumOf(text []byte) Sum { return sha256.Sum256(text) }

// sums returns those of all files, by their names.
func (c *checker) sums() map[string]Sum {
	sums := make(map[string]Sum)
	c.parsed.Range(func(name, parsed any) bool {
		sums[name.(string)] = parsed.(*parsedFile).sum
		return true
	})
	return sums
}

func (c *checker) typecheck(p *packages.Package) {
	p.Fset = c.fset
	p.Types = types.NewPackage(p.PkgPath, p.Name)
	p.TypesInfo = &types.Info{
		Types:        make(map[ast.Expr]types.TypeAndValue),
		Defs:         make(map[*ast.Ident]types.Object),
		Uses:         make(map[*ast.Ident]types.Object),
		Implicits:    make(map[ast.Node]types.Object),
		Instances:    make(map[*ast.Ident]types.Instance),
		Scopes:       make(map[ast.Node]*types.Scope),
		Selections:   make(map[*ast.SelectorExpr]*types.Selection),
		FileVersions: make(map[*ast.File]string),
	}
	err := c.checkFiles(p, p.Types, p.TypesInfo, p.Syntax, types.Config{
		Importer: importer(func(path string) (*types.Package, error) { return c.imported(p, path) }),
		Error:    func(err error) { addError(p, err) },
	})
	if _, reported := err.(types.Error); err != nil && (!reported || len(p.TypeErrors) == 0) {
		// "package requires newer Go version" is returned but not passed
		// to Error.
		addError(p, err)
	}
	if len(p.Syntax) == 0 {
		addError(p, errNoSource)
	}
	if p.IllTyped = isBroken(p); !p.IllTyped && c.importsBroken(p) {
		if expr := untyped(p); expr != nil {
			addError(p, types.Error{Fset: c.fset, Pos: expr.Pos(), Msg: "the type of " + types.ExprString(expr) + " is not known"})
			p.IllTyped = true
		}
	}
	if p.IllTyped {
		c.broken.Store(true)
	}
}

// checkFiles type-checks the files of a package.
func (c *checker) checkFiles(p *packages.Package, pkg *types.Package, info *types.Info, files []*ast.File, config types.Config) error {
	task := supervise.Task{Name: "type checking", Package: p.PkgPath}
	if lost, ok := c.worker.Lost(task); ok {
		return fmt.Errorf("internal error: the type checker: %s", lost.Reason)
	}
	c.worker.Begin(task)
	config.Sizes, config.GoVersion = c.sizes, goVersion(p)
	return filesOf(types.NewChecker(&config, c.fset, pkg, info), files)
}

// importsBroken reports whether a package that was read from source imports,
// however far away, one that does not type-check.
func (c *checker) importsBroken(p *packages.Package) bool {
	if !c.broken.Load() {
		return false // what it imports has been checked by now
	}
	found := false
	packages.Visit([]*packages.Package{p}, func(q *packages.Package) bool {
		found = found || q != p && q.IllTyped
		return !found
	}, nil)
	return found
}

// untyped returns an expression for which the type checker has no type and
// no error, because what it is made of comes from a broken package. Nothing
// that follows the type checker expects that.
func untyped(p *packages.Package) (found ast.Expr) {
	for _, file := range p.Syntax {
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.SelectorExpr:
				if _, typed := p.TypesInfo.Types[n]; !typed && p.TypesInfo.Uses[n.Sel] == nil {
					found = n
				}
			case *ast.CallExpr:
				if _, typed := p.TypesInfo.Types[n]; !typed {
					found = n
				}
			}
			return found == nil
		})
		if found != nil {
			break
		}
	}
	return found
}

// filesOf makes an error of a panic of the type checker, which code that is
// broken in rare ways brings about.
func filesOf(checker *types.Checker, files []*ast.File) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("internal error: the type checker panics: %v", r)
		}
	}()
	return checker.Files(files)
}

var errNoSource = errors.New("no Go source that can be read")

// isBroken reports whether a package's own source does not parse or does
// not type-check. The go command's errors do not count: a package whose
// embedded file is missing can be analysed.
func isBroken(p *packages.Package) bool {
	for _, e := range p.Errors {
		if e.Kind == packages.ParseError || e.Kind == packages.TypeError {
			return true
		}
	}
	return false
}

const unknownPackage = "the go command does not know package"

func unknown(path string) error { return fmt.Errorf("%s %s", unknownPackage, path) }

type importer func(path string) (*types.Package, error)

func (f importer) Import(path string) (*types.Package, error) { return f(path) }

func (c *checker) imported(by *packages.Package, path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	p := by.Imports[path]
	switch {
	case p == nil:
		return nil, unknown(path)
	case c.nodes[p] == nil:
		return c.others.importPackage(p)
	case len(p.Syntax) == 0:
		return nil, errNoSource
	}
	return p.Types, nil
}

// prune leaves in Imports only packages that were read from source and
// type-check: the analysis driver visits all Imports, and can do nothing
// with one without syntax. Facts of a broken package are missing, which the
// rules take as "unknown". Helpers are what was read of other packages.
func (c *checker) prune(roots []*packages.Package, helpers map[string]*packages.Package) {
	packages.Visit(roots, func(p *packages.Package) bool {
		imports := make(map[string]*packages.Package)
		for path, imported := range p.Imports {
			if c.nodes[imported] != nil && !imported.IllTyped && c.source[imported] || c.told[imported] {
				imports[path] = imported
			} else if helper := helpers[imported.ID]; helper != nil && !helper.IllTyped && (isMain(p) || helpers[p.ID] == p) {
				// What others tell is the same whoever uses them.
				imports[path] = helper
			}
		}
		p.Imports = imports
		return true
	}, nil)
}

// addError records an error of a parser or type checker in the form that
// package packages gives to errors.
func addError(p *packages.Package, err error) {
	var (
		list      scanner.ErrorList
		typeError types.Error
		pathError *fs.PathError
	)
	switch {
	case errors.As(err, &list):
		for _, e := range list {
			p.Errors = append(p.Errors, packages.Error{Pos: e.Pos.String(), Msg: e.Msg, Kind: packages.ParseError})
		}
	case errors.As(err, &typeError):
		p.TypeErrors = append(p.TypeErrors, typeError)
		p.Errors = append(p.Errors, packages.Error{
			Pos: finding.Position(typeError.Fset, typeError.Pos).String(), Msg: typeError.Msg, Kind: packages.TypeError,
		})
	case errors.As(err, &pathError):
		p.Errors = append(p.Errors, packages.Error{
			Pos: pathError.Path, Msg: pathError.Err.Error(), Kind: packages.ParseError,
		})
	default:
		p.Errors = append(p.Errors, packages.Error{Pos: "-", Msg: err.Error(), Kind: packages.TypeError})
	}
}
