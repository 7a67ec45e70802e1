package grpclint

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/grpclint/grpclint/rule"
)

// The id of a rule leads to its file, and nobody else reports it: a rule that is
// too long for one file has others that begin with the same name.
func TestRuleFiles(t *testing.T) {
	files := make(map[string]*claims) // by path
	for _, pattern := range []string{"analyzers/*/*.go", "analyzers/internal/*/*.go", "protocheck/*.go", "protocheck/serviceconfig/*.go", "deploycheck/*.go", "internal/lint/*.go"} {
		paths, err := filepath.Glob(pattern)
		if err != nil || len(paths) == 0 {
			t.Fatalf("%s: %v, %v", pattern, paths, err)
		}
		for _, path := range paths {
			if !strings.HasSuffix(path, "_test.go") {
				files[filepath.ToSlash(path)] = claimsOf(t, path)
			}
		}
	}
	for _, problem := range ruleFileProblems(rule.All(), files) {
		t.Error(problem)
	}
}

// Each mistake that the test is there for is one.
func TestRuleFileProblems(t *testing.T) {
	all := []*rule.Rule{{ID: "stream/dead"}, {ID: "stream/dead-end"}, {ID: "etag/type"}}
	good := func() map[string]*claims {
		return map[string]*claims{
			"analyzers/stream/dead.go":          {ids: []string{"stream/dead"}, reported: []string{"stream/dead"}},
			"analyzers/stream/stream.go":        {ids: []string{"stream/dead"}},
			"analyzers/stream/dead_in_field.go": {ids: []string{"stream/dead"}, reported: []string{"stream/dead"}},
			"protocheck/etag_type.go":           {funcs: []string{"etagType"}},
			"analyzers/stream/dead_end.go":      {ids: []string{"stream/dead-end"}},
		}
	}
	if problems := ruleFileProblems(all, good()); len(problems) > 0 {
		t.Errorf("good files: %q", problems)
	}
	for want, spoil := range map[string]func(files map[string]*claims){
		"stream/dead has no file such as analyzers/stream/dead.go":       func(files map[string]*claims) { delete(files, "analyzers/stream/dead.go") },
		"analyzers/stream/dead.go does not name stream/dead":             func(files map[string]*claims) { files["analyzers/stream/dead.go"] = new(claims) },
		"protocheck/etag_type.go does not name etag/type":                func(files map[string]*claims) { files["protocheck/etag_type.go"] = new(claims) },
		"analyzers/stream/stream.go names stream/daed, which is no rule": func(files map[string]*claims) { files["analyzers/stream/stream.go"].ids = []string{"stream/daed"} },
		"analyzers/stream/stream.go reports stream/dead, whose file is analyzers/stream/dead.go": func(files map[string]*claims) {
			files["analyzers/stream/stream.go"].reported = []string{"stream/dead"}
		},
		"analyzers/stream/dead_end.go reports stream/dead, whose file is analyzers/stream/dead.go": func(files map[string]*claims) {
			files["analyzers/stream/dead_end.go"].reported = []string{"stream/dead"}
		},
	} {
		files := good()
		spoil(files)
		if problems := ruleFileProblems(all, files); !slices.Equal(problems, []string{want}) {
			t.Errorf("problems %q, want %q", problems, want)
		}
	}
}

// claims are what a file has to do with rules.
type claims struct {
	ids      []string // in its text, also of what may be no rule
	reported []string // those that it gives to Report
	funcs    []string // that it declares
}

func ruleFileProblems(all []*rule.Rule, files map[string]*claims) (problems []string) {
	families := make(map[string]bool)
	home := make(map[string]string) // of each rule
	for _, r := range all {
		families[r.Family()] = true
		name := strings.ReplaceAll(r.Name(), "-", "_")
		candidates := []string{
			"analyzers/" + r.Family() + "/" + name + ".go",
			"protocheck/" + r.Family() + "_" + name + ".go",
			"protocheck/" + r.Family() + "/" + name + ".go",
			r.Family() + "check/" + name + ".go",
			"internal/lint/" + r.Family() + "_" + name + ".go",
		}
		i := slices.IndexFunc(candidates, func(path string) bool { return files[path] != nil })
		if i < 0 {
			problems = append(problems, r.ID+" has no file such as "+candidates[0])
			continue
		}
		home[r.ID] = candidates[i]
		c := files[candidates[i]]
		if !slices.Contains(c.ids, r.ID) && !slices.Contains(c.funcs, camelCase(r.ID)) && !slices.ContainsFunc(c.funcs, func(f string) bool { return strings.EqualFold(f, strings.ReplaceAll(r.Name(), "-", "")) }) {
			problems = append(problems, candidates[i]+" does not name "+r.ID)
		}
	}
	for path, c := range files {
		for _, id := range c.ids {
			family, _, _ := strings.Cut(id, "/")
			if families[family] && !slices.ContainsFunc(all, func(r *rule.Rule) bool { return r.ID == id }) {
				problems = append(problems, path+" names "+id+", which is no rule")
			}
		}
		for _, id := range c.reported {
			file := home[id]
			part := strings.HasPrefix(path, strings.TrimSuffix(file, ".go")+"_") && !slices.Contains(slices.Collect(maps.Values(home)), path)
			if file != "" && file != path && !part {
				problems = append(problems, path+" reports "+id+", whose file is "+file)
			}
		}
	}
	slices.Sort(problems)
	return problems
}

var idForm = regexp.MustCompile(`^[a-z]+/[a-z]+(-[a-z0-9]+)*$`)

func claimsOf(t *testing.T, path string) *claims {
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	c := new(claims)
	idOf := func(n ast.Node) string {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			if text, err := strconv.Unquote(lit.Value); err == nil && idForm.MatchString(text) {
				return text
			}
		}
		return ""
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ImportSpec:
			return false
		case *ast.FuncDecl:
			c.funcs = append(c.funcs, n.Name.Name)
		case *ast.CallExpr:
			if f, ok := n.Fun.(*ast.SelectorExpr); ok && f.Sel.Name == "Report" && len(n.Args) > 0 {
				if id := idOf(n.Args[0]); id != "" {
					c.reported = append(c.reported, id)
				}
			}
		case *ast.BasicLit:
			if id := idOf(n); id != "" {
				c.ids = append(c.ids, id)
			}
		}
		return true
	})
	return c
}

// camelCase writes an id as a function's name.
func camelCase(id string) string {
	words := strings.FieldsFunc(id, func(r rune) bool { return r == '/' || r == '-' })
	for i, word := range words[1:] {
		words[i+1] = strings.ToUpper(word[:1]) + word[1:]
	}
	return strings.Join(words, "")
}
