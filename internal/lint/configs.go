package lint

import (
	"errors"
	"fmt"
	"go/constant"
	"go/token"
	"go/types"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"

	manifest "github.com/grpclint/grpclint/deploycheck/source"
	"github.com/grpclint/grpclint/internal/configfiles"
	"github.com/grpclint/grpclint/internal/load"
	"github.com/grpclint/grpclint/internal/rpcs"
	"github.com/grpclint/grpclint/protocheck/serviceconfig"
)

// A configFile is a file with service configs that is to be checked.
type configFile struct {
	*configfiles.File
	named bool // by the user, not found below a folder

	effective map[reading]*serviceconfig.Config
}

// A reading is of one of the file's configs, by a version of grpc-go.
type reading struct {
	config  int
	version string
}

// parsed returns what grpc-go makes of a config, or nil if it refuses it.
func (f *configFile) parsed(i int, version string) *serviceconfig.Config {
	key := reading{i, version}
	if config, known := f.effective[key]; known {
		return config
	}
	config, err := serviceconfig.Read(f.Configs[i].Text, serviceconfig.Options{GRPCGo: version, Dialect: serviceconfig.Runtime})
	if err != nil {
		config = nil
	}
	if f.effective == nil {
		f.effective = make(map[reading]*serviceconfig.Config)
	}
	f.effective[key] = config
	return config
}

// isConfigFile reports whether a word names a file, or what could be one,
// that may hold a service config.
func isConfigFile(word string) bool {
	switch path.Ext(word) {
	case ".json", ".yaml", ".yml":
		return true
	}
	return false
}

// scan walks a folder, once.
func (r *run) scan(folder string) (*load.Tree, error) {
	for walked, tree := range r.trees {
		if part := tree.Below(walked, folder); part != nil {
			return part, nil
		}
	}
	tree, err := load.Scan(folder)
	if err != nil {
		return nil, err
	}
	r.trees[folder] = tree
	return tree, nil
}

// readConfigs reads the files that the user names, and those below the
// folders that the user's patterns, or what we made of them, stand for.
func (r *run) readConfigs(targets []target) {
	named, found := r.files(targets, isConfigFile, func(tree *load.Tree) []string { return tree.Data })
	for _, file := range named {
		r.readNamed(file)
	}
	for _, file := range found {
		r.readFound(file)
	}
	slices.SortFunc(r.configs, func(a, b *configFile) int { return strings.Compare(a.Path, b.Path) })
}

// folders returns those below which everything is checked. A Go file, or an
// import path, says nothing of other files.
func (r *run) folders(words []string) []string {
	return subtrees(r.options.Dir, load.Patterns(r.options.Dir, slices.DeleteFunc(slices.Clone(words), isGoFile), r.options.Env))
}

func isGoFile(word string) bool { return path.Ext(word) == ".go" }

func subtrees(dir string, patterns []string) []string {
	var folders []string
	for _, pattern := range patterns {
		if folder, ok := subtree(dir, pattern); ok {
			folders = append(folders, folder)
		}
	}
	return folders
}

// singles returns the folders that are meant without those below them: a
// pattern ./dir.
func (r *run) singles(words []string) []string {
	var folders []string
	for _, word := range words {
		name := filepath.ToSlash(word)
		if isGoFile(name) || strings.Contains(name, "...") {
			continue
		}
		if name == "." || name == ".." || strings.HasPrefix(name, "./") || strings.HasPrefix(name, "../") || filepath.IsAbs(word) {
			folders = append(folders, absolute(r.options.Dir, word))
		}
	}
	return folders
}

func absolute(dir, file string) string {
	file = filepath.FromSlash(file)
	if !filepath.IsAbs(file) {
		file = filepath.Join(dir, file)
	}
	return filepath.Clean(file)
}

// within reports whether a file lies in one of the folders.
func within(folders []string, file string) bool {
	return slices.ContainsFunc(folders, func(folder string) bool {
		return strings.HasPrefix(file, folder+string(filepath.Separator))
	})
}

func (r *run) readNamed(path string) {
	file, err := configfiles.Named(path, r.options.Overlay)
	if err != nil {
		r.report.Errors = append(r.report.Errors, Error{File: r.paths.display(path), Message: err.Error()})
	}
	switch {
	case file != nil:
		r.configs = append(r.configs, &configFile{File: file, named: true})
	case err == nil:
		r.holdNothing = append(r.holdNothing, path)
	}
}

func (r *run) readFound(path string) {
	file, err := configfiles.Found(path, r.options.Overlay)
	if err != nil {
		r.report.Errors = append(r.report.Errors, Error{File: r.paths.display(path), Message: err.Error(), Found: true})
	}
	if file != nil {
		r.configs = append(r.configs, &configFile{File: file})
	}
}

// hasOthers reports whether a pattern, where the go command finds nothing,
// stands for files that are no Go.
func (r *run) hasOthers(pattern string) bool {
	folder, ok := subtree(r.options.Dir, pattern)
	if !ok {
		folder = absolute(r.options.Dir, pattern)
	}
	inside := func(path string) bool { return within([]string{folder}, path) }
	return slices.ContainsFunc(r.protos, inside) ||
		slices.ContainsFunc(r.configs, func(f *configFile) bool { return inside(f.Path) }) ||
		r.manifests != nil && slices.ContainsFunc(r.manifests.Files, func(f *manifest.File) bool { return inside(f.Path) })
}

// anyOther reports whether the patterns name or lead to files that are no
// Go, or to one that was named and is none that is checked.
func (r *run) anyOther() bool {
	return len(r.configs) > 0 || len(r.protos) > 0 || r.manifests != nil && len(r.manifests.Files) > 0 || slices.ContainsFunc(r.options.Patterns, isOtherFile)
}

// checkConfigs judges the files that were read.
func (r *run) checkConfigs() {
	if len(r.configs) == 0 && !r.options.Know {
		return
	}
	locate := &locator{fset: token.NewFileSet(), paths: r.paths, sums: make(map[string]load.Sum)}
	methods := r.methods()
	if r.options.Know {
		r.report.Methods = methods
	}
	var beside map[string][]string // services by folder
	if r.compiled != nil {
		beside = rpcs.Folders(r.compiled)
	}
	for _, f := range r.configs {
		r.judgeFile(f.Path)
		locate.sums[f.Path] = load.SumOf(f.Content)
		file := locate.fset.AddFile(f.Path, -1, len(f.Content))
		if len(f.Content) > 0 {
			file.SetLinesForContent(f.Content)
		}
		for i := range f.Configs {
			r.checkConfig(locate, file, f, &f.Configs[i], methods, beside[filepath.Dir(f.Path)])
		}
	}
}

// know keeps what a config says, also one for Google's generators that
// grpc-go refuses.
func (r *run) know(f *configFile, c *configfiles.Config) {
	config, err := serviceconfig.Read(c.Text, serviceconfig.Options{GRPCGo: r.version(f.Path)})
	if err != nil {
		return
	}
	line := 1 + strings.Count(string(f.Content[:c.Offset(0)]), "\n")
	r.report.Configs = append(r.report.Configs, KnownConfig{Config: config, File: r.paths.display(f.Path), Line: line})
}

// methods joins what the .proto files tell of methods, which is more, with
// what generated Go code does.
func (r *run) methods() *serviceconfig.Methods {
	methods := new(serviceconfig.Methods)
	if r.compiled != nil {
		methods.Join(rpcs.OfProtos(r.compiled, r.paths.display))
	}
	methods.Join(&r.stubs)
	return methods
}

func (r *run) checkConfig(locate *locator, file *token.File, f *configFile, c *configfiles.Config, methods *serviceconfig.Methods, beside []string) {
	r.report.Stats.ServiceConfigs++
	if r.options.Know && c.Form == serviceconfig.Document {
		r.know(f, c)
	}
	findings, err := c.Check(file, serviceconfig.Options{
		GRPCGo:  r.version(f.Path),
		Dialect: f.Dialect(r.options.ServiceConfig.Dialect),
		Methods: methods,
		Beside:  beside,
		Health:  r.health,
		Cut: func(returned int) {
			r.report.Errors = append(r.report.Errors, Error{
				File: r.paths.display(f.Path), Message: fmt.Sprintf("only %d findings of a config are shown: there are more, or may be", returned), Found: true,
			})
		},
	})
	var syntax *serviceconfig.SyntaxError
	switch {
	case errors.As(err, &syntax):
		if !f.named && configfiles.ByName(f.Path) {
			break // certainly a config: that grpc-go refuses it is a finding
		}
		if !f.named && r.reported(r.paths.display(f.Path)) {
			return // a Go package embeds it, and its finding says so
		}
		at := file.Position(file.Pos(c.Offset(syntax.Offset)))
		r.report.Errors = append(r.report.Errors, Error{
			File: r.paths.display(f.Path), Line: at.Line, Column: at.Column, Found: !f.named,
			Message: "grpc-go refuses the service config: " + syntax.Message,
		})
		return
	case err != nil:
		r.report.Errors = append(r.report.Errors, Error{File: r.paths.display(f.Path), Message: "internal error: " + err.Error()})
		return
	}
	// The package stands for the folder that the file lies in.
	pkg := &packages.Package{PkgPath: r.identity(f.Path), Dir: filepath.Dir(f.Path), GoFiles: []string{f.Path}}
	for i := range findings {
		l := locate.finding(&origin{findings[i], pkg})
		l.fromFile = true
		r.found = append(r.found, l)
	}
}

// reported reports whether a file has a finding that grpc-go refuses it.
func (r *run) reported(file string) bool {
	return slices.ContainsFunc(r.found, func(l *located) bool { return l.File == file && l.Rule.ID == "serviceconfig/rejected" })
}

// identity names a file for fingerprints: from the root of its module or
// repository, so that it does not depend on where grpclint runs.
func (r *run) identity(file string) string {
	for dir := filepath.Dir(file); ; dir = filepath.Dir(dir) {
		for _, sign := range []string{"go.mod", ".git"} {
			if _, err := os.Stat(filepath.Join(dir, sign)); err == nil {
				return relativeTo(dir, file)
			}
		}
		if dir == filepath.Dir(dir) {
			return r.paths.display(file)
		}
	}
}

// withoutEmbedded drops what a Go package says about a file that it embeds
// and that was checked as a file, too: that can be fixed there.
func withoutEmbedded(found []*located) []*located {
	type place struct {
		file, rule   string
		line, column int
	}
	key := func(l *located) place { return place{l.File, l.Rule.ID, l.Line, l.Column} }
	checked := make(map[place]bool)
	for _, l := range found {
		if l.fromFile {
			checked[key(l)] = true
		}
	}
	if len(checked) == 0 {
		return found
	}
	return slices.DeleteFunc(found, func(l *located) bool { return !l.fromFile && checked[key(l)] })
}

// noteVersions remembers which grpc-go each module of a program uses.
func (r *run) noteVersions(program *load.Program) {
	for _, root := range program.Roots {
		if root.Module == nil || root.Types == nil {
			continue
		}
		module := resolved(root.Module.Dir)
		if r.versions[module] != "" {
			continue
		}
		if version := grpcVersion(root.Types, make(map[*types.Package]bool)); version != "" {
			r.versions[module] = version
		}
	}
}

// grpcVersion returns the constant google.golang.org/grpc.Version, or "".
func grpcVersion(pkg *types.Package, seen map[*types.Package]bool) string {
	if seen[pkg] {
		return ""
	}
	seen[pkg] = true
	if pkg.Path() == load.GRPC {
		if c, ok := pkg.Scope().Lookup("Version").(*types.Const); ok && c.Val().Kind() == constant.String {
			return constant.StringVal(c.Val())
		}
		return ""
	}
	for _, imported := range pkg.Imports() {
		if version := grpcVersion(imported, seen); version != "" {
			return version
		}
	}
	return ""
}

// version returns which grpc-go reads a file's configs: the configured one,
// or that of the module. A file outside of all modules belongs to the only
// module there is.
func (r *run) version(file string) string {
	if configured := r.options.ServiceConfig.GRPCGo; configured != "" {
		return configured
	}
	if module := moduleOf(file); module != "" {
		if version := r.versions[module]; version != "" {
			return usable(version)
		}
		return usable(load.RequiredGRPC(module)) // its packages were not asked for
	}
	if len(r.versions) == 1 {
		for _, version := range r.versions {
			return usable(version)
		}
	}
	return ""
}

// usable returns the version, or "" where a module calls it something that
// tells nothing, such as 0.0.0 for a replaced one.
func usable(version string) string {
	if _, err := serviceconfig.Read([]byte("{}"), serviceconfig.Options{GRPCGo: version}); err != nil {
		return ""
	}
	return version
}

// moduleOf returns the folder of the module that a file lies in, or "".
func moduleOf(file string) string {
	module := load.ModuleDir(filepath.Dir(file))
	if module == "" {
		return ""
	}
	return resolved(module)
}

// resolved is a folder without symbolic links: the go command and the user
// may spell it differently.
func resolved(dir string) string {
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		return real
	}
	return dir
}

// timeouts are those of a service config in a file of the project.
type timeouts struct {
	config *serviceconfig.Config
	module string // folder of the module that the file lies in, or ""
}

// timeouts reads the configs that Go clients of this project may use: not
// what lies elsewhere, and not those from which Google's client libraries are
// generated.
func (r *run) timeouts() []timeouts {
	var found []timeouts
	for _, f := range r.configs {
		if _, ok := below(r.options.Dir, f.Path); !ok || f.Dialect(r.options.ServiceConfig.Dialect) == serviceconfig.GAPIC {
			continue
		}
		for i := range f.Configs {
			if f.Configs[i].Form != serviceconfig.Document {
				continue // choices hold under conditions
			}
			config := f.parsed(i, r.version(f.Path))
			if config == nil {
				continue // grpc-go refuses it, and so it sets no timeout
			}
			found = append(found, timeouts{config, moduleOf(f.Path)})
		}
	}
	return found
}

// of reports whether the config may be for clients in a package: it is not
// that of another module.
func (t timeouts) of(p *packages.Package) bool {
	if t.module == "" || p.Module == nil {
		return true
	}
	_, ok := below(t.module, resolved(p.Module.Dir))
	return ok
}

// set reports whether the config gives an RPC, "package.Service/Method", a
// timeout.
func (t timeouts) set(method string) bool {
	m := t.config.Method(method)
	return m.HasTimeout && m.Timeout >= 0
}
