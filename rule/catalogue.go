package rule

import (
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"
)

//go:embed pages
var pages embed.FS

// catalogue parses the pages once. A page that does not parse is a mistake
// in this module, not in anybody's input, hence the panic; the package's
// test meets it first.
var catalogue = sync.OnceValue(func() []*Rule {
	var rules []*Rule
	err := fs.WalkDir(pages, "pages", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := pages.ReadFile(path)
		if err != nil {
			return err
		}
		id := strings.TrimSuffix(strings.TrimPrefix(path, "pages/"), ".md")
		r, err := parsePage(id, string(text))
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		rules = append(rules, r)
		return nil
	})
	if err != nil {
		panic(err)
	}
	slices.SortFunc(rules, func(a, b *Rule) int { return strings.Compare(a.ID, b.ID) })
	return rules
})

// All returns every rule, sorted by id. The caller must not change them.
func All() []*Rule { return slices.Clone(catalogue()) }

// Lookup finds a rule by its id or by one of its aliases.
func Lookup(id string) (*Rule, bool) {
	rules := catalogue()
	i, found := slices.BinarySearchFunc(rules, id, func(r *Rule, id string) int {
		return strings.Compare(r.ID, id)
	})
	if found {
		return rules[i], true
	}
	for _, r := range rules {
		if slices.Contains(r.Aliases, id) {
			return r, true
		}
	}
	return nil, false
}

// MustLookup is Lookup for an id that is known to exist.
func MustLookup(id string) *Rule {
	r, ok := Lookup(id)
	if !ok {
		panic("no page for rule " + id)
	}
	return r
}

// Family returns the rules of a family, sorted by id.
func Family(family string) []*Rule {
	var rules []*Rule
	for _, r := range catalogue() {
		if r.Family() == family {
			rules = append(rules, r)
		}
	}
	return rules
}

// Select returns the rules that a selector stands for: an id, an alias or a
// family. The error of an unknown selector names the nearest known one.
func Select(selector string) ([]*Rule, error) {
	if r, ok := Lookup(selector); ok {
		return []*Rule{r}, nil
	}
	if rules := Family(selector); len(rules) > 0 {
		return rules, nil
	}
	if near := Nearest(selector); near != "" {
		return nil, fmt.Errorf("unknown rule %q (nearest: %s)", selector, near)
	}
	return nil, fmt.Errorf("unknown rule %q", selector)
}

// parsePage splits a page into its front matter and its text.
func parsePage(id, text string) (*Rule, error) {
	header, ok := strings.CutPrefix(text, "---\n")
	if !ok {
		return nil, fmt.Errorf("no front matter")
	}
	header, page, ok := strings.Cut(header, "\n---\n")
	if !ok {
		return nil, fmt.Errorf("front matter does not end")
	}
	r := &Rule{ID: id, page: strings.TrimLeft(page, "\n")}
	for line := range strings.Lines(header) {
		key, value, ok := strings.Cut(strings.TrimSpace(line), ": ")
		if !ok {
			return nil, fmt.Errorf("front matter line %q is not key: value", line)
		}
		if err := r.set(key, value); err != nil {
			return nil, err
		}
	}
	if r.Summary == "" || r.Severity == 0 || r.Since == "" {
		return nil, fmt.Errorf("summary, severity and since are required")
	}
	return r, nil
}

func (r *Rule) set(key, value string) (err error) {
	switch key {
	case "summary":
		r.Summary = value
	case "severity":
		r.Severity, err = ParseSeverity(value)
	case "default":
		r.On = value == "on"
		if value != "on" && value != "off" {
			err = fmt.Errorf("default %q is neither on nor off", value)
		}
	case "tests":
		r.InTests, err = ParseSeverity(value)
	case "tags":
		r.Tags = strings.Split(value, ", ")
		if !slices.IsSorted(r.Tags) {
			err = fmt.Errorf("tags %q are not sorted", value)
		}
	case "since":
		r.Since = value
	case "fix":
		kind := slices.Index(fixNames[:], value)
		if kind < 0 {
			return fmt.Errorf("unknown fix kind %q", value)
		}
		r.Fix = FixKind(kind)
	case "aliases":
		r.Aliases = strings.Split(value, ", ")
	default:
		err = fmt.Errorf("unknown key %q", key)
	}
	return err
}
