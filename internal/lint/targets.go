package lint

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/grpclint/grpclint/finding/say"
	"github.com/grpclint/grpclint/internal/load"
)

// A target is one question to the go command, which answers only for one
// module, or one workspace, at a time.
type target struct {
	dir      string
	env      []string
	patterns []string
	derived  bool // we wrote the patterns, not the user
}

// targets splits what the user asked for.
func (r *run) targets() []target {
	dir, env := r.options.Dir, r.options.Env
	words := slices.DeleteFunc(slices.Clone(r.options.Patterns), isOtherFile)
	if len(words) == 0 && len(r.options.Patterns) > 0 {
		return nil
	}
	if r.options.Modules {
		return r.moduleTargets(words, env)
	}
	work := load.Workspace(dir, env)
	if work != "" && load.OutsideWorkspace(dir, env) {
		r.options.Notice("the module of " + r.paths.display(dir) + " is not in " + r.paths.display(work) + ": checked as if there were no workspace")
		env = append(slices.Clone(env), "GOWORK=off")
		work = ""
	}
	var uses []string // modules of the workspace
	if work != "" {
		// A go.work that cannot be read is for the go command to name.
		uses, _ = load.WorkspaceModules(work)
	}
	var patterns []string
	if len(words) == 0 {
		words = []string{"./..."}
		for _, use := range uses {
			patterns = append(patterns, everythingBelow(dir, use))
		}
	}
	if len(patterns) == 0 {
		patterns = intoWorkspace(dir, load.Patterns(dir, words, env), uses)
	}
	r.nameNested(dir, work, patterns)
	return []target{{dir, env, patterns, len(r.options.Patterns) == 0 && len(uses) > 0}}
}

// isOtherFile reports whether a word names a file that the go command would
// take for a package.
func isOtherFile(word string) bool {
	return isConfigFile(word) || isProtoFile(word) || isDeployFile(word)
}

// everythingBelow returns the pattern for a folder and all below it.
func everythingBelow(dir, folder string) string {
	rel := relativeTo(dir, folder)
	if rel != "." && !filepath.IsAbs(rel) && !strings.HasPrefix(rel, "../") && rel != ".." {
		rel = "./" + rel
	}
	return rel + "/..."
}

// intoWorkspace replaces patterns for all below a folder that is in no
// module itself by patterns for the workspace's modules below it: the go
// command takes the former for a mistake.
func intoWorkspace(dir string, patterns, uses []string) []string {
	var result []string
	for _, pattern := range patterns {
		var inside []string
		if folder, ok := subtree(dir, pattern); ok && !load.InModule(folder) {
			for _, use := range uses {
				if _, ok := below(folder, use); ok {
					inside = append(inside, everythingBelow(dir, use))
				}
			}
		}
		if len(inside) == 0 {
			inside = []string{pattern}
		}
		result = append(result, inside...)
	}
	slices.Sort(result)
	return slices.Compact(result)
}

func relativeTo(dir, file string) string {
	rel, err := filepath.Rel(dir, file)
	if err != nil {
		return filepath.ToSlash(file)
	}
	return filepath.ToSlash(rel)
}

// moduleTargets makes a target of every module at or below the folder.
func (r *run) moduleTargets(words, env []string) []target {
	dir := r.options.Dir
	if len(words) == 0 {
		words = []string{"./..."}
	}
	var targets []target
	seen := make(map[string]bool)
	add := func(module string) {
		if seen[module] {
			return
		}
		seen[module] = true
		moduleEnv := env
		if load.OutsideWorkspace(module, env) {
			moduleEnv = append(slices.Clone(env), "GOWORK=off")
		}
		targets = append(targets, target{module, moduleEnv, []string{"./..."}, true})
	}
	var plain []string
	for _, word := range load.Patterns(dir, words, env) {
		folder, ok := subtree(dir, word)
		if !ok {
			plain = append(plain, word)
			continue
		}
		if load.InModule(folder) {
			if load.IsModule(folder) {
				add(folder)
			} else {
				plain = append(plain, word)
			}
		}
		tree, err := r.scan(folder)
		if err != nil {
			r.report.Errors = append(r.report.Errors, Error{Pattern: word, Message: err.Error()})
			continue
		}
		for _, module := range tree.Modules {
			add(module)
		}
	}
	if len(plain) > 0 || len(targets) == 0 {
		if len(plain) == 0 {
			plain = words
		}
		targets = append([]target{{dir, env, plain, false}}, targets...)
	}
	return targets
}

// subtree returns the folder below which a pattern like ./dir/... matches
// everything.
func subtree(dir, pattern string) (string, bool) {
	folder, ok := strings.CutSuffix(pattern, "/...")
	if !ok || strings.Contains(folder, "...") {
		return "", false
	}
	if !filepath.IsAbs(folder) {
		if folder != "." && folder != ".." && !strings.HasPrefix(folder, "./") && !strings.HasPrefix(folder, "../") {
			return "", false // an import path
		}
		folder = filepath.Join(dir, filepath.FromSlash(folder))
	}
	return filepath.Clean(folder), true
}

// mostNamed is how many modules or files a notice names.
const mostNamed = 8

// nameNested says which modules the wildcards stop at, so that nobody takes
// them for checked.
func (r *run) nameNested(dir, work string, patterns []string) {
	covered := make(map[string]bool)
	if work != "" {
		// Modules of the workspace that are named by a pattern of their
		// own are not left out.
		for _, pattern := range patterns {
			if folder, ok := subtree(dir, pattern); ok {
				covered[folder] = true
			}
		}
	}
	var left []string
	for _, pattern := range patterns {
		folder, ok := subtree(dir, pattern)
		if !ok {
			continue
		}
		tree, err := r.scan(folder)
		if err != nil {
			continue
		}
		for _, module := range tree.Modules {
			if !covered[module] {
				covered[module] = true
				left = append(left, r.paths.display(module))
			}
		}
	}
	if len(left) == 0 {
		return
	}
	slices.Sort(left)
	r.options.Notice("left out: nested " + say.Form(len(left), "module", "modules") + " " + say.Some(left, mostNamed, "") + " (-modules checks them too)")
}

// nameCgoFiles says which files are in no package because cgo is off.
func (r *run) nameCgoFiles() {
	left := slices.DeleteFunc(r.goFilesBelow(), func(file string) bool { return r.goFiles[file] })
	files := load.WithoutCgo(r.options.Context, left, r.options.Env, r.options.Tags, r.options.Dir)
	if len(files) == 0 {
		return
	}
	var names []string
	for _, file := range files {
		names = append(names, r.paths.display(file))
	}
	r.options.Notice("left out, because cgo is off: " + say.Some(names, mostNamed, "") + " (CGO_ENABLED=1 and a C compiler bring " + say.Form(len(files), "it", "them") + " in)")
}
