// Package load brings packages into memory for analysis: those that use
// gRPC, directly or through others, from source as a whole, and of all else
// that they import what it declares. Helpers that they hand functions to are
// read from source as well, for their facts. Nothing is compiled.
//
// A package from which google.golang.org/grpc cannot be reached can never
// import one from which it can, so the types of the ones and of the others
// never contradict each other.
package load

import (
	"cmp"
	"context"
	"errors"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"

	"golang.org/x/mod/modfile"
	"golang.org/x/tools/go/packages"

	"github.com/grpclint/grpclint/internal/cache"
	"github.com/grpclint/grpclint/internal/supervise"
	"github.com/grpclint/grpclint/internal/wholefile"
)

// GRPC is the package by whose reach it is decided what to analyse.
const GRPC = "google.golang.org/grpc"

// A Config says what to load.
type Config struct {
	Context  context.Context // ends the go command; nil means nobody does
	Dir      string          // absolute; the go command runs here
	Env      []string        // nil means the process's
	Patterns []string        // as Patterns returns them
	Tests    bool            // test files too
	Tags     string          // build tags, separated by commas
	Workers  int             // most packages to check at once; below 1 means GOMAXPROCS

	// MayBeEmpty: it is no error if a wildcard matches nothing, because
	// nobody wrote it.
	MayBeEmpty bool

	// Overlay holds the text of files by absolute path, also of files
	// and folders that are not on disk.
	Overlay map[string][]byte

	// Cache keeps what packages declare; nil keeps nothing.
	Cache *cache.Folder

	// Told, if set, is asked whether it is known what a package tells of itself
	// that is not asked for; the key is of all that this follows from. It is
	// then not read from source. Packages of the modules at hand count if Own is
	// set, others only if nobody changes them.
	Told func(p *packages.Package, key cache.Key) bool
	Own  bool

	// Remember names a file that holds what the go command said before, or is
	// to; whoever gives it knows for how long that is true. "" for none.
	Remember string

	// Progress, if set, is told how many packages of how many have been
	// type-checked. It is called by several goroutines.
	Progress func(done, total int)

	// Wait, if set, is told that the go command is asked, until the function
	// that it returns is called.
	Wait func() (done func())
}

// A Program is what was loaded.
type Program struct {
	Fset *token.FileSet

	// Roots are the packages to analyse, sorted by ID: those that match
	// the patterns, use gRPC, or lie between such that do, and type-check. Of a package and its variant
	// with test files only the latter is here. The Imports of roots, and
	// of all packages below them, hold only packages that were read from
	// source.
	Roots []*packages.Package

	// Keys are the keys of packages that use gRPC, for Config.Told. Those that
	// that knows have types and no syntax.
	Keys map[*packages.Package]cache.Key

	// Between are those of the roots that do not use gRPC.
	Between map[*packages.Package]bool

	Packages     int // that match the patterns; tests do not count apart
	GRPCPackages int // those of them that use gRPC

	// Folders are those of the packages that match the patterns and are
	// in Roots or use no gRPC: nothing in them went unseen.
	Folders []string

	// Files are the Go files of the packages that match the patterns.
	Files []string

	// Sums are those of the texts of the files that were read from source.
	Sums map[string]Sum

	// Errors are what could not be loaded, each once.
	Errors []Error
}

// Load loads the packages. What cannot be loaded is in the program's
// Errors.
func Load(cfg Config) *Program { return List(cfg).Load() }

// A Listing is what the go command says of packages, before any is read.
type Listing struct {
	cfg     Config
	program *Program // if Errors says why there is nothing to load, all there is
	matched []*packages.Package
	checker *checker
	embeds  []byte // what was embedded when the key was made
}

// List asks the go command for the packages.
func List(cfg Config) *Listing {
	if cfg.Workers < 1 {
		cfg.Workers = runtime.GOMAXPROCS(0)
	}
	if cfg.Context == nil {
		cfg.Context = context.Background()
	}
	if cfg.Env == nil {
		cfg.Env = os.Environ()
	}
	program := &Program{Fset: token.NewFileSet(), Between: make(map[*packages.Package]bool)}
	l := &Listing{cfg: cfg, program: program}
	if e, ok := outsideModules(cfg); ok {
		program.Errors = []Error{e}
		return l
	}
	if e, ok := unreadable(cfg); ok {
		program.Errors = []Error{e}
		return l
	}
	matched, platform, err := remembered(cfg)
	if err != nil {
		program.Errors = []Error{driverError(err, cfg)}
		return l
	}
	if len(matched) == 0 {
		if message := refusal(cfg); message != "" {
			program.Errors = []Error{{Message: message}}
			return l
		}
	}
	l.matched, l.checker = matched, newChecker(cfg, program.Fset, closureOf(matched), platform)
	return l
}

// Load loads the packages that are listed, once.
func (l *Listing) Load() *Program {
	cfg, program, matched, c := l.cfg, l.program, l.matched, l.checker
	if c == nil {
		return program
	}
	reach := maps.Clone(c.source)
	program.count(matched, reach)
	program.Files = goFiles(matched)

	roots := selectRoots(matched, reach)
	program.Keys = c.leaveOut(roots, cfg.Told, cfg.Own)
	for _, p := range c.widen(matched) {
		if !slices.ContainsFunc(roots, func(root *packages.Package) bool { return root.PkgPath == p.PkgPath }) {
			roots = append(roots, p)
			program.Between[p] = true
			if cfg.Own && len(p.Errors) == 0 {
				program.Keys[p] = c.keyOf(p, nil) // a helper, to who looks at less
			}
		}
	}
	program.Roots = c.check(roots)
	for {
		fallback := plainOfBroken(program.Roots, matched, reach)
		if len(fallback) == 0 {
			break
		}
		program.Roots = append(program.Roots, c.check(fallback)...)
	}
	c.readNamed(cfg, matched)
	program.Errors = append(unmatched(cfg, matched), loadErrors(cfg, matched, c)...)
	program.Roots = slices.DeleteFunc(program.Roots, func(p *packages.Package) bool { return p.IllTyped })
	slices.SortFunc(program.Roots, func(a, b *packages.Package) int { return cmp.Compare(a.ID, b.ID) })
	program.Folders = seen(matched, program.Roots, reach)
	program.Sums = c.sums()
	c.prune(program.Roots, c.readHelpers(cfg, program.Keys))
	c.declareTold(program.Roots)
	return program
}

// read reads a file of the source.
func (cfg *Config) read(name string) ([]byte, error) {
	return wholefile.Overlay(cfg.Overlay).Read(name, wholefile.Text)
}

// seen returns the folders of packages that were analysed or need not be.
func seen(matched, roots []*packages.Package, reach closure) []string {
	var folders []string
	for _, p := range roots {
		folders = append(folders, p.Dir)
	}
	for _, p := range matched {
		if !reach[p] && p.Dir != "" {
			folders = append(folders, p.Dir)
		}
	}
	slices.Sort(folders)
	return slices.Compact(folders)
}

// outsideModules says in plain words what the go command says about main
// modules and their selected dependencies.
func outsideModules(cfg Config) (Error, bool) {
	i := slices.IndexFunc(cfg.Patterns, isPath)
	if i < 0 || InModule(cfg.Dir) || Workspace(cfg.Dir, cfg.Env) != "" ||
		lookup(cfg.Env, "GO111MODULE") == "off" || lookup(cfg.Env, "GOPACKAGESDRIVER") != "" {
		return Error{}, false
	}
	return Error{Pattern: cfg.Patterns[i], Message: "no go.mod in " + cfg.Dir + " or above it", Nothing: true}, true
}

// metadata asks the go command for the packages and all they import. It
// neither compiles anything nor looks into the build cache for that.
func metadata(cfg Config) ([]*packages.Package, platform, error) {
	defer supervise.Hold(cfg.Context)()
	if cfg.Wait != nil {
		defer cfg.Wait()()
	}
	var found platform
	var refused error
	var asked sync.WaitGroup
	asked.Go(func() { found, refused = platformOf(cfg) })
	matched, err := cfg.ask(listed, cfg.Patterns)
	asked.Wait()
	if err != nil {
		return nil, found, err
	}
	if refused != nil {
		if message := refusal(cfg); message != "" {
			return nil, found, errors.New(message)
		}
		found = platform{runtime.GOARCH} // of another driver than the go command
	}
	sizes := found.sizes()
	packages.Visit(matched, nil, func(p *packages.Package) { p.TypesSizes = sizes })
	return matched, found, nil
}

// listed is what there is to know of a package that is not compiled.
const listed = packages.NeedName | packages.NeedFiles | packages.NeedImports | packages.NeedDeps |
	packages.NeedModule | packages.NeedForTest | packages.NeedEmbedFiles | packages.NeedEmbedPatterns

func (cfg *Config) ask(mode packages.LoadMode, patterns []string) ([]*packages.Package, error) {
	var flags []string
	if cfg.Tags != "" {
		flags = []string{"-tags=" + cfg.Tags}
	}
	found, err := packages.Load(&packages.Config{
		Context: cfg.Context, Mode: mode, Dir: cfg.Dir, Env: cfg.Env, BuildFlags: flags, Tests: cfg.Tests, Overlay: cfg.Overlay,
	}, patterns...)
	if mode&packages.NeedCompiledGoFiles == 0 {
		packages.Visit(found, nil, func(p *packages.Package) { p.CompiledGoFiles = p.GoFiles })
	}
	return found, err
}

// platformOf asks the go command, which refuses to build for platforms that it
// does not know, though it lists packages.
func platformOf(cfg Config) (platform, error) {
	cmd := supervise.NewTool(cfg.Context, "go", "list", "-compiled", "-f", "{{context.GOARCH}}", "--", "unsafe")
	cmd.Dir, cmd.Env = cfg.Dir, cfg.Env
	output, err := cmd.Cmd.Output() // our caller holds the process, and waits for us
	return platform{strings.TrimSpace(string(output))}, err
}

// RequiredGRPC returns which version of grpc-go the go.mod in a folder asks
// for, without a "v", or "".
func RequiredGRPC(dir string) string {
	file := filepath.Join(dir, "go.mod")
	text, err := wholefile.Read(file, wholefile.Settings)
	if err != nil {
		return ""
	}
	mod, err := modfile.ParseLax(file, text, nil)
	if err != nil {
		return "" // the go command says so, if it is asked
	}
	for _, r := range mod.Require {
		if r.Mod.Path == GRPC {
			return strings.TrimPrefix(r.Mod.Version, "v")
		}
	}
	return ""
}

// isTestMain reports whether p is the program that the go command makes to
// run tests.
func isTestMain(p *packages.Package) bool {
	return p.Name == "main" && strings.HasSuffix(p.ID, ".test") && !strings.Contains(p.ID, " ")
}

// isTestVariant reports whether p is a package together with its own test
// files of the same package.
func isTestVariant(p *packages.Package) bool {
	return p.ForTest != "" && p.PkgPath == p.ForTest && p.ID != p.PkgPath
}

// count counts packages as people do: a package and its tests are one.
func (program *Program) count(matched []*packages.Package, reach closure) {
	uses := make(map[string]bool)
	for _, p := range matched {
		if isTestMain(p) || isPhantom(p) {
			continue
		}
		path := cmp.Or(p.ForTest, p.PkgPath)
		uses[path] = uses[path] || reach[p] || p.PkgPath == GRPC
	}
	program.Packages = len(uses)
	for _, use := range uses {
		if use {
			program.GRPCPackages++
		}
	}
}

// refusal returns what the go command says if it works nowhere: on a platform
// that it does not know, or without a place for its caches. It lists packages
// nevertheless, or none.
func refusal(cfg Config) string {
	for _, packages := range [][]string{{"-export", "errors"}, append([]string{"-e", "--"}, cfg.Patterns...)} {
		cmd := supervise.NewTool(cfg.Context, "go", append([]string{"list"}, packages...)...)
		cmd.Dir, cmd.Env = cfg.Dir, cfg.Env
		var stderr strings.Builder
		cmd.Stderr = &stderr
		if cmd.Run() == nil {
			continue
		}
		message := strings.TrimPrefix(oneLine(stderr.String()), "go: ")
		if strings.Contains(message, "unsupported GOOS/GOARCH") {
			message += " (go tool dist list names all)"
		}
		return message
	}
	return ""
}

// goFiles returns the Go files of the packages, as they are listed.
func goFiles(matched []*packages.Package) []string {
	var files []string
	for _, p := range matched {
		if !isTestMain(p) {
			files = append(files, p.GoFiles...)
		}
	}
	slices.Sort(files)
	return slices.Compact(files)
}

// isPhantom reports whether p stands for a package that does not exist.
func isPhantom(p *packages.Package) bool {
	return len(p.GoFiles) == 0 && len(p.CompiledGoFiles) == 0 && len(p.IgnoredFiles) == 0 && len(p.Errors) > 0
}

// selectRoots chooses, as go vet does, the variant with test files where
// there is one.
func selectRoots(matched []*packages.Package, reach closure) []*packages.Package {
	withTests := make(map[string]bool)
	for _, p := range matched {
		if isTestVariant(p) && reach[p] {
			withTests[p.PkgPath] = true
		}
	}
	var roots []*packages.Package
	for _, p := range matched {
		replaced := withTests[p.PkgPath] && !isTestVariant(p)
		if reach[p] && !replaced && !isTestMain(p) {
			roots = append(roots, p)
		}
	}
	return roots
}

// plainOfBroken returns the packages whose variant with test files is a
// root and does not type-check: without the test files they may.
func plainOfBroken(roots, matched []*packages.Package, reach closure) []*packages.Package {
	var plain []*packages.Package
	for _, broken := range roots {
		if !broken.IllTyped || !isTestVariant(broken) {
			continue
		}
		for _, p := range matched {
			if p.ID == broken.PkgPath && reach[p] && !slices.Contains(roots, p) {
				plain = append(plain, p)
			}
		}
	}
	return plain
}
