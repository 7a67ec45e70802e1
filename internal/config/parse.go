package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v4"
	"google.golang.org/grpc/codes"

	"github.com/grpclint/grpclint/internal/builds"
	"github.com/grpclint/grpclint/rule"
)

// An Error is one mistake in a configuration file.
type Error struct {
	File         string
	Line, Column int // 1-based; 0 when unknown
	Message      string
}

func (e *Error) Error() string {
	if e.Line == 0 {
		return e.File + ": " + e.Message
	}
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.Message)
}

// Errors are all mistakes of a file, in its order.
type Errors []*Error

func (e Errors) Error() string {
	lines := make([]string, len(e))
	for i, err := range e {
		lines[i] = err.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap gives the single mistakes.
func (e Errors) Unwrap() []error {
	all := make([]error, len(e))
	for i, err := range e {
		all[i] = err
	}
	return all
}

// Parse reads the content of a configuration file, whose name is used in
// messages and as the place that paths are relative to. An error is an
// [Errors] with every mistake of the file.
func Parse(file string, data []byte) (*Config, error) {
	c := Default()
	c.File = file
	d := &decoder{file: file}
	if document := d.document(data); document != nil {
		d.config(document, c)
	}
	if d.errors != nil {
		return nil, d.errors
	}
	return c, nil
}

// A decoder walks the YAML tree. It reads node by node instead of into a
// struct because only the nodes know where a mistake is.
type decoder struct {
	file   string
	errors Errors
}

// maxErrors bounds how many mistakes are told: who has more has another
// problem, such as a file of another kind.
const maxErrors = 100

// full reports whether no more mistakes are told, so that there is no use in
// looking for them.
func (d *decoder) full() bool { return len(d.errors) > maxErrors }

func (d *decoder) fail(n *yaml.Node, format string, args ...any) {
	if len(d.errors) >= maxErrors {
		if !d.full() {
			d.errors = append(d.errors, &Error{File: d.file, Line: n.Line, Column: n.Column, Message: "too many mistakes: what is from here on was not looked at"})
		}
		return
	}
	d.errors = append(d.errors, &Error{File: d.file, Line: n.Line, Column: n.Column, Message: fmt.Sprintf(format, args...)})
}

// document returns the root of the only document, nil if the file is empty
// or no YAML.
func (d *decoder) document(data []byte) *yaml.Node {
	loader, err := yaml.NewLoader(bytes.NewReader(data))
	if err != nil {
		d.yamlError(err)
		return nil
	}
	var root, second yaml.Node
	if err := loader.Load(&root); err != nil {
		if !errors.Is(err, io.EOF) {
			d.yamlError(err)
		}
		return nil
	}
	switch err := loader.Load(&second); {
	case err == nil:
		d.fail(&second, "a second YAML document; grpclint reads one")
	case !errors.Is(err, io.EOF):
		d.yamlError(err)
	}
	if root.Kind == yaml.DocumentNode {
		if len(root.Content) == 0 {
			return nil
		}
		return root.Content[0]
	}
	return &root
}

// yamlError translates a syntax error, which knows its place.
func (d *decoder) yamlError(err error) {
	var several *yaml.LoadErrors
	if errors.As(err, &several) && len(several.Errors) > 0 {
		for _, err := range several.Errors {
			d.yamlError(err)
		}
		return
	}
	var one *yaml.LoadError
	if errors.As(err, &one) {
		d.errors = append(d.errors, &Error{File: d.file, Line: one.Mark.Line, Column: one.Mark.Column, Message: "not valid YAML: " + one.Message})
		return
	}
	d.errors = append(d.errors, &Error{File: d.file, Message: "not valid YAML: " + err.Error()})
}

func (d *decoder) config(n *yaml.Node, c *Config) {
	d.mapping(n, "", keys{
		"rules":   func(n *yaml.Node) { d.rules(n, c) },
		"exclude": func(n *yaml.Node) { d.list(n, "exclude", func(n *yaml.Node) { d.exclusion(n, c) }) },
		"proto": func(n *yaml.Node) {
			d.mapping(n, "proto", keys{
				"roots": func(n *yaml.Node) { c.Proto.Roots = d.strings(n, "proto.roots", checkFolder) },
			})
		},
		"serviceconfig": func(n *yaml.Node) {
			d.mapping(n, "serviceconfig", keys{
				"dialect": func(n *yaml.Node) { d.oneOf(n, &c.ServiceConfig.Dialect, "auto", "runtime", "gapic") },
				"grpc-go": func(n *yaml.Node) { d.text(n, &c.ServiceConfig.GRPCGo, checkVersion) },
			})
		},
		"deploy": func(n *yaml.Node) {
			d.mapping(n, "deploy", keys{
				"nginx": func(n *yaml.Node) { d.text(n, &c.Deploy.Nginx, checkNginx) },
				"skip":  func(n *yaml.Node) { c.Deploy.Skip = d.strings(n, "deploy.skip", checkFolder) },
			})
		},
		"deadline": func(n *yaml.Node) {
			d.mapping(n, "deadline", keys{
				"bounded-by": func(n *yaml.Node) { c.Deadline.BoundedBy = d.strings(n, "deadline.bounded-by", checkFunction) },
			})
		},
		"status": func(n *yaml.Node) {
			d.mapping(n, "status", keys{
				"etag-code": func(n *yaml.Node) { d.text(n, &c.Status.ETagCode, checkCode) },
			})
		},
		"run": func(n *yaml.Node) { d.run(n, &c.Run) },
	})
}

// run reads defaults of flags.
func (d *decoder) run(n *yaml.Node, r *Run) {
	d.mapping(n, "run", keys{
		"severity":  func(n *yaml.Node) { r.Severity = d.severity(n, false) },
		"fail-on":   func(n *yaml.Node) { r.FailOn = d.severity(n, true) },
		"tests":     func(n *yaml.Node) { r.Tests = d.boolean(n) },
		"tags":      func(n *yaml.Node) { r.Tags = d.words(n, "run.tags", builds.CheckTags) },
		"generated": func(n *yaml.Node) { r.Generated = d.boolean(n) },
		"matrix": func(n *yaml.Node) {
			words := d.words(n, "run.matrix", func(name string) error {
				_, err := builds.Parse([]string{name})
				return err
			})
			var err error
			if r.Matrix, err = builds.Parse(words); err != nil && len(d.errors) == 0 {
				d.fail(n, "%v", err)
			}
		},
		"modules": func(n *yaml.Node) { r.Modules = d.boolean(n) },
	})
}

// severity reads one of the words that -severity and -fail-on take.
func (d *decoder) severity(n *yaml.Node, never bool) *rule.Severity {
	known := []string{rule.Error.String(), rule.Warning.String(), rule.Info.String()}
	if never {
		known = append(known, "never")
	}
	var word string
	d.oneOf(n, &word, known...)
	severity, err := rule.ParseSeverity(word)
	switch {
	case word == "never":
		return new(rule.Severity)
	case err != nil:
		return nil // said already
	}
	return &severity
}

func (d *decoder) boolean(n *yaml.Node) *bool {
	var value bool
	if n.Kind != yaml.ScalarNode || n.Tag != "!!bool" || n.Load(&value) != nil {
		d.fail(n, "%s, where true or false is expected", describe(n))
		return nil
	}
	return &value
}

// words reads a list, or a text with commas as the flag takes it.
func (d *decoder) words(n *yaml.Node, name string, check func(string) error) []string {
	if n.Kind != yaml.ScalarNode {
		return d.strings(n, name, check)
	}
	var words []string
	for word := range strings.SplitSeq(n.Value, ",") {
		if err := check(strings.TrimSpace(word)); err != nil {
			d.fail(n, "%v", err)
			continue
		}
		words = append(words, strings.TrimSpace(word))
	}
	return words
}

// rules reads the severities of rules and families.
func (d *decoder) rules(n *yaml.Node, c *Config) {
	d.pairs(n, "rules", func(key, value *yaml.Node) {
		if _, err := rule.Select(key.Value); err != nil {
			d.fail(key, "%v", err)
			return
		}
		severity, err := rule.ParseSeverity(value.Value)
		if value.Kind != yaml.ScalarNode || err != nil {
			d.fail(value, "%s: %s is no severity (known: error, warning, info, off)", key.Value, describe(value))
			return
		}
		c.Rules = append(c.Rules, Setting{Selector: key.Value, Severity: severity})
	})
}

func (d *decoder) exclusion(n *yaml.Node, c *Config) {
	var e Exclusion
	mistakes := len(d.errors)
	d.mapping(n, "exclude", keys{
		"path": func(n *yaml.Node) { d.text(n, &e.Path, checkGlob) },
		"rules": func(n *yaml.Node) {
			e.Rules = d.strings(n, "rules", func(selector string) error {
				_, err := rule.Select(selector)
				return err
			})
		},
		"reason": func(n *yaml.Node) { d.text(n, &e.Reason, checkReason) },
	})
	if len(d.errors) > mistakes {
		return // one mistake at a time per entry
	}
	switch {
	case e.Path == "":
		d.fail(n, "exclude: no path")
	case len(e.Rules) == 0:
		d.fail(n, "exclude: no rules")
	case e.Reason == "":
		d.fail(n, "exclude: no reason; say why, so that somebody can remove the entry one day")
	}
	c.Exclude = append(c.Exclude, e)
}

// keys maps each known key of a mapping to what reads its value.
type keys map[string]func(*yaml.Node)

// mapping reads a mapping with known keys. name is its dotted path, "" for
// the whole file.
func (d *decoder) mapping(n *yaml.Node, name string, known keys) {
	d.pairs(n, name, func(key, value *yaml.Node) {
		read, ok := known[key.Value]
		if !ok {
			d.unknownKey(key, name, known)
			return
		}
		if isNull(value) {
			return // "deadline:" with everything below commented out
		}
		read(value)
	})
}

func (d *decoder) unknownKey(key *yaml.Node, name string, known keys) {
	in := ""
	if name != "" {
		in = " in " + name
	}
	if near := rule.NearestOf(key.Value, sorted(known)); near != "" {
		d.fail(key, "unknown key %q%s (nearest: %s)", key.Value, in, near)
		return
	}
	d.fail(key, "unknown key %q%s (known: %s)", key.Value, in, strings.Join(sorted(known), ", "))
}

// pairs visits the entries of a mapping, each key once.
func (d *decoder) pairs(n *yaml.Node, name string, visit func(key, value *yaml.Node)) {
	if isNull(n) {
		return
	}
	if n.Kind != yaml.MappingNode {
		if name == "" {
			name = "the file"
		}
		d.fail(n, "%s holds %s; it takes keys and values", name, describe(n))
		return
	}
	lines := make(map[string]int)
	for i := 0; i+1 < len(n.Content) && !d.full(); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if key.Kind != yaml.ScalarNode {
			d.fail(key, "%s is no key", describe(key))
			continue
		}
		if line, twice := lines[key.Value]; twice {
			d.fail(key, "key %q is given twice (first on line %d)", key.Value, line)
			continue
		}
		lines[key.Value] = key.Line
		if value.Kind == yaml.AliasNode {
			// Aliases may form cycles and repeat large trees; nothing
			// in this file needs one.
			d.fail(value, "aliases (*%s) are not supported", value.Value)
			continue
		}
		visit(key, value)
	}
}

func (d *decoder) list(n *yaml.Node, name string, visit func(*yaml.Node)) {
	if n.Kind != yaml.SequenceNode {
		d.fail(n, "%s holds %s; it takes a list", name, describe(n))
		return
	}
	for _, item := range n.Content {
		if d.full() {
			return
		}
		visit(item)
	}
}

func (d *decoder) strings(n *yaml.Node, name string, check func(string) error) []string {
	var items []string
	d.list(n, name, func(n *yaml.Node) {
		var item string
		d.text(n, &item, check)
		items = append(items, item)
	})
	return items
}

func (d *decoder) text(n *yaml.Node, to *string, check func(string) error) {
	if n.Kind != yaml.ScalarNode {
		d.fail(n, "%s, where one value is expected", describe(n))
		return
	}
	if err := check(n.Value); err != nil {
		d.fail(n, "%v", err)
		return
	}
	*to = n.Value
}

func (d *decoder) oneOf(n *yaml.Node, to *string, known ...string) {
	d.text(n, to, func(value string) error {
		for _, k := range known {
			if value == k {
				return nil
			}
		}
		if near := rule.NearestOf(value, known); near != "" {
			return fmt.Errorf("unknown value %q (nearest: %s)", value, near)
		}
		return fmt.Errorf("unknown value %q (known: %s)", value, strings.Join(known, ", "))
	})
}

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.Tag == "!!null" }

func describe(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	case yaml.AliasNode:
		return "an alias"
	}
	if n.Value == "" {
		return "nothing"
	}
	return fmt.Sprintf("%q", n.Value)
}

func checkReason(text string) error {
	if strings.TrimSpace(text) == "" {
		return errors.New("empty reason")
	}
	return nil
}

func checkFolder(text string) error {
	if strings.TrimSpace(text) == "" {
		return errors.New("empty folder name")
	}
	if strings.Contains(text, `\`) {
		return fmt.Errorf("folder %q: folders are separated by / on every system", text)
	}
	return nil
}

var versionForm = regexp.MustCompile(`^v?1\.\d+(\.\d+)?$`)

func checkVersion(text string) error {
	if !versionForm.MatchString(text) {
		return fmt.Errorf("%q is no version of grpc-go (such as \"1.85.0\")", text)
	}
	return nil
}

// nginxForm is how versions of nginx look: "1.29.7".
var nginxForm = regexp.MustCompile(`^1\.\d+(\.\d+)?$`)

func checkNginx(text string) error {
	if !nginxForm.MatchString(text) {
		return fmt.Errorf("%q is no version of nginx (such as \"1.29.7\")", text)
	}
	return nil
}

// functionForm: an import path, a dot, a function, or a type and a method.
var functionForm = regexp.MustCompile(`^[^\s()*"]+\.[\pL_][\pL_\pN]*$`)

func checkFunction(text string) error {
	if !functionForm.MatchString(text) {
		return fmt.Errorf("%q names no function (such as \"example.com/x/grpcutil.TimeoutInterceptor\")", text)
	}
	return nil
}

func checkCode(text string) error {
	var code codes.Code
	// Only names: a number would be accepted here, and be read by nobody.
	if err := code.UnmarshalJSON([]byte(`"` + text + `"`)); err != nil {
		return fmt.Errorf("%q is no status code (such as \"ABORTED\")", text)
	}
	return nil
}
