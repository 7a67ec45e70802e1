package load

import (
	"bytes"
	"cmp"
	"go/types"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"

	"github.com/grpclint/grpclint/internal/cache"
)

// maxHelpers bounds how far helpers are read that hand on what they get.
const maxHelpers = 2

// readHelpers reads the packages outside the closure from source in which
// there are functions that packages of the modules at hand call with functions
// that may make RPCs, such as retry.Do(ctx, func() error {...}): analyzers need
// to know what becomes of those; and those of the same modules that return
// contexts, wait without one, bind commands to one, end the process, or make
// ids, errors and texts. It returns them by
// ID.
//
// The types that come of it would contradict those of the declarations; only
// the analyzers of that package see them. Facts have no types. Those of which it
// is known what they tell are not read; of the others that can be known the keys
// are added.
func (c *checker) readHelpers(cfg Config, keys map[*packages.Package]cache.Key) map[string]*packages.Package {
	known := make(map[string]*packages.Package)
	silent := make(map[*packages.Package]bool)
	var readers []*packages.Package
	for p := range c.nodes {
		if !p.IllTyped && c.source[p] && isMain(p) {
			readers = append(readers, p)
		}
	}
	slices.SortFunc(readers, func(a, b *packages.Package) int { return cmp.Compare(a.ID, b.ID) })
	for range maxHelpers {
		var fresh []*packages.Package
		for _, reader := range readers {
			takers := takersOf(reader)
			for _, name := range slices.Sorted(maps.Keys(takers)) {
				p := reader.Imports[name]
				if p == nil || c.nodes[p] != nil || c.told[p] || isRecut(p) || known[p.ID] != nil {
					continue
				}
				if !takers[name] && (silent[p] || !c.tells(p)) {
					silent[p] = true
					continue
				}
				helper := apart(p)
				known[p.ID] = helper
				if len(p.Errors) == 0 && cfg.Told != nil && (cfg.Own || c.others.keys.immutable(p) != "") {
					key := c.keyOf(p, nil)
					if cfg.Told(helper, key) && c.declareHelper(p, helper) {
						continue
					}
					keys[helper] = key
				}
				fresh = append(fresh, helper)
			}
		}
		for _, helper := range fresh {
			c.declare(helper.Imports)
			c.parse(helper)
			c.typecheck(helper)
		}
		readers = fresh
	}
	return known
}

// declareHelper gives a helper that is not read its types.
func (c *checker) declareHelper(p, helper *packages.Package) bool {
	<-c.others.prepare(p).done
	helper.Fset = c.fset
	helper.Types, _ = c.others.importPackage(p)
	return helper.Types != nil
}

// takersOf returns the paths of the packages, outside the standard library and
// gRPC, of which a package names functions that take such functions or return
// contexts, which is true, or others of the modules at hand.
func takersOf(p *packages.Package) map[string]bool {
	paths, seen := make(map[string]bool), make(map[*types.Func]bool)
	for _, obj := range p.TypesInfo.Uses {
		fn, ok := obj.(*types.Func)
		if !ok || fn.Pkg() == nil || fn.Pkg() == p.Types || seen[fn] || paths[fn.Pkg().Path()] {
			continue
		}
		seen[fn] = true
		path := fn.Pkg().Path()
		if first, _, _ := strings.Cut(path, "/"); !strings.Contains(first, ".") || path == GRPC || strings.HasPrefix(path, GRPC+"/") {
			continue
		}
		own := isMain(p.Imports[path])
		wanted := takesFunctions(fn, own) || own && has(fn.Signature().Results(), isContext)
		if wanted || own {
			paths[path] = wanted
		}
	}
	return paths
}

// takesFunctions: a parameter is a function, or several, that may fail or gets
// a context. Of other modules, those count that get nothing else, as retry
// loops and groups call them: most that get something are no place for RPCs.
func takesFunctions(fn *types.Func, own bool) bool {
	for p := range fn.Signature().Params().Variables() {
		t := p.Type()
		if list, ok := t.Underlying().(*types.Slice); ok {
			t = list.Elem()
		}
		f, ok := t.Underlying().(*types.Signature)
		if ok && (has(f.Params(), isContext) || has(f.Results(), isError) && (own || f.Params().Len() == 0)) {
			return true
		}
	}
	return false
}

func has(list *types.Tuple, is func(types.Type) bool) bool {
	for v := range list.Variables() {
		if is(v.Type()) {
			return true
		}
	}
	return false
}

func isError(t types.Type) bool { return types.Identical(t, types.Universe.Lookup("error").Type()) }

func isContext(t types.Type) bool {
	named, ok := types.Unalias(t).(*types.Named)
	return ok && named.Obj().Name() == "Context" && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == "context"
}

// isMain: a package is of the modules at hand.
func isMain(p *packages.Package) bool { return p != nil && p.Module != nil && p.Module.Main }

// telling are the beginnings of calls that wait without a context, bind a
// command to one, or end the process, and names in service configs.
var telling = []string{
	".Sleep(", "exec.Command(", "exec.CommandContext(", "http.NewRequest(", "http.Get(", "http.Head(", "http.Post(", "http.PostForm(", "net.Dial",
	"sql.DB", "sql.Tx", "sql.Stmt", "os.Exit(", ".Fatal",
	"methodConfig", "loadBalancing", "retryThrottling",
}

// generators are the last elements of the paths of packages that make ids.
var generators = []string{"uuid", "go.uuid", "go-uuid", "ulid", "xid", "ksuid", "shortuuid", "go-nanoid"}

// majorVersion is the last element of a module's path.
var majorVersion = regexp.MustCompile(`/v[0-9]+$`)

// makers are functions that only make an error, or a text or an answer of one,
// as package bodies of the analyzers tells them.
var makers = regexp.MustCompile(`(?m)^func [A-Z]\w*\([^()]*(\berror\) (bool|string)|\) error) \{\s*(if \w+ == nil \{\s*return nil\s*\}\s*)?return [^\n]*\n?\}`)

// tells: a package of the modules at hand has such calls, names or functions,
// or makes ids.
func (c *checker) tells(p *packages.Package) bool {
	if !isMain(p) {
		return false
	}
	for imported := range p.Imports {
		if slices.Contains(generators, path.Base(majorVersion.ReplaceAllString(imported, ""))) {
			return true
		}
	}
	return slices.ContainsFunc(p.CompiledGoFiles, func(name string) bool {
		src, err := c.read(name)
		return err == nil && (makers.Match(src) || slices.ContainsFunc(telling, func(call string) bool { return bytes.Contains(src, []byte(call)) }))
	})
}
