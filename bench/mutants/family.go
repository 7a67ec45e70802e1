package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/packages"

	"github.com/grpclint/grpclint/rule"
)

// A family is the package of a family's rules.
type family struct {
	name       string
	pkg        *packages.Package
	conditions []condition
	rules      map[string][]*rule.Rule // by file
}

// A unit is some files, and the folders of cases that judge them.
type unit struct {
	family     *family
	name       string
	conditions []int
	folders    []string
}

func readFamily(name string) (*family, error) {
	loaded, err := packages.Load(&packages.Config{
		Mode: packages.NeedName | packages.NeedFiles | packages.NeedSyntax | packages.NeedTypes | packages.NeedTypesInfo | packages.NeedImports | packages.NeedExportFile,
	}, "./analyzers/"+name)
	if err != nil {
		return nil, err
	}
	if len(loaded) != 1 || len(loaded[0].Errors) > 0 {
		return nil, fmt.Errorf("family %s: %v", name, loaded[0].Errors)
	}
	f := &family{name: name, pkg: loaded[0]}
	f.rules, err = rulesOf(f.pkg)
	return f, err
}

// rulesOf returns which rules are in which files: a file is that of the rule
// that it is named for, or of those whose checks begin in it.
func rulesOf(p *packages.Package) (map[string][]*rule.Rule, error) {
	rules := make(map[string][]*rule.Rule)
	var errs []error
	for _, file := range p.Syntax {
		ast.Inspect(file, func(n ast.Node) bool {
			literal, ok := n.(*ast.CompositeLit)
			if !ok || !strings.HasSuffix(p.TypesInfo.TypeOf(literal).String(), "/report.Check") {
				return true
			}
			var ids []string
			where := ""
			for _, elt := range literal.Elts {
				pair, ok := elt.(*ast.KeyValueExpr)
				if !ok {
					continue
				}
				ast.Inspect(pair.Value, func(n ast.Node) bool {
					switch n := n.(type) {
					case *ast.BasicLit:
						id, err := strconv.Unquote(n.Value)
						errs = append(errs, err)
						ids = append(ids, id)
					case *ast.Ident:
						if obj := p.TypesInfo.Uses[n]; obj != nil && obj.Pkg() == p.Types && pair.Key.(*ast.Ident).Name == "Run" {
							where = p.Fset.Position(obj.Pos()).Filename
						}
					}
					return true
				})
			}
			for _, id := range ids {
				found, err := rule.Select(id)
				errs = append(errs, err)
				rules[where] = append(rules[where], found...)
			}
			return false
		})
	}
	for _, file := range p.GoFiles {
		name := strings.ReplaceAll(strings.TrimSuffix(filepath.Base(file), ".go"), "_", "-")
		for _, r := range rule.All() {
			if r.ID == p.Name+"/"+name {
				rules[file] = []*rule.Rule{r}
			}
		}
	}
	return rules, errors.Join(errs...)
}

// build builds a judge of the family, whose conditions it finds, in a folder.
func (f *family) build(dir string) (string, error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return "", err
	}
	overlay := struct{ Replace map[string]string }{make(map[string]string)}
	for i, file := range f.pkg.Syntax {
		name := f.pkg.GoFiles[i]
		source, err := os.ReadFile(name)
		if err != nil {
			return "", err
		}
		conditions := conditionsOf(f.pkg, file, source)
		if len(conditions) == 0 {
			continue
		}
		rewritten := filepath.Join(dir, filepath.Base(name))
		if err := os.WriteFile(rewritten, rewrite(file, f.pkg.Fset, source, conditions, len(f.conditions)), 0o666); err != nil {
			return "", err
		}
		overlay.Replace[name] = rewritten
		f.conditions = append(f.conditions, conditions...)
	}
	text, err := json.Marshal(overlay)
	if err != nil {
		return "", err
	}
	file, program := filepath.Join(dir, "overlay.json"), filepath.Join(dir, "judge")
	if err := os.WriteFile(file, text, 0o666); err != nil {
		return "", err
	}
	build := exec.Command("go", "build", "-overlay", file, "-o", program, "./bench/mutants/judge")
	build.Stderr = os.Stderr
	return program, build.Run()
}

// units returns what is to be mutated for rules of the family: each file of
// some rules, and what all rules share if that is asked for.
func (f *family) units(chosen []*rule.Rule, shared bool) ([]*unit, error) {
	var units []*unit
	byName := make(map[string]*unit)
	for i, c := range f.conditions {
		rules := slices.DeleteFunc(slices.Clone(f.rules[c.at.Filename]), func(r *rule.Rule) bool { return !slices.Contains(chosen, r) })
		name := f.name + ": shared"
		switch {
		case len(rules) > 0:
			name = names(rules)
		case len(f.rules[c.at.Filename]) > 0 || !shared:
			continue // nobody asked for it
		}
		u := byName[name]
		if u == nil {
			u = &unit{family: f, name: name}
			if len(rules) == 0 {
				rules = rule.All()
			}
			var err error
			if u.folders, err = foldersOf(f.name, rules); err != nil {
				return nil, err
			}
			byName[name] = u
			units = append(units, u)
		}
		u.conditions = append(u.conditions, i)
	}
	return units, nil
}

func names(rules []*rule.Rule) string {
	var ids []string
	for _, r := range rules {
		ids = append(ids, r.ID)
	}
	return strings.Join(ids, ", ")
}
