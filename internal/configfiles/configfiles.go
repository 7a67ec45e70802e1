// Package configfiles reads files that hold gRPC service configs: JSON, the
// choices of DNS TXT records, and YAML in which a string is one.
package configfiles

import (
	"bytes"
	"fmt"
	"go/token"
	"path/filepath"
	"sort"
	"strings"

	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/internal/wholefile"
	"github.com/grpclint/grpclint/protocheck/serviceconfig"
	"github.com/grpclint/grpclint/protocheck/serviceconfig/inyaml"
)

// MaxSize is how many bytes a file may have. Configs are small; what is
// larger is something else.
const MaxSize = 10 << 20

// A File is a file that holds service configs.
type File struct {
	Path    string
	Content []byte
	Configs []Config // at least one
}

// A Config is a service config, or a list of choices, in a file.
type Config struct {
	Text []byte
	Form serviceconfig.Form

	content []byte
	inYAML  *inyaml.Config // nil in a JSON file
}

// Offset returns where in the file a byte of the text stands.
func (c *Config) Offset(offset int) int {
	if c.inYAML == nil {
		return offset
	}
	from, _ := c.inYAML.Span(offset, offset)
	return from
}

// ByName reports whether a file's name alone says that it is a config.
func ByName(path string) bool {
	name := filepath.Base(path)
	return strings.HasSuffix(name, ".json") && strings.Contains(name, "service_config")
}

// Named reads a file that somebody asked for. Any JSON is then taken for a
// config; a YAML file without one is nil. One that cannot be read to its end
// is returned with an error if there are configs before.
func Named(path string, overlay wholefile.Overlay) (*File, error) {
	content, err := read(path, overlay)
	if err != nil {
		return nil, err
	}
	if isYAML(path) {
		return fromYAML(path, content)
	}
	return fromJSON(path, content, serviceconfig.FormOf(content)), nil
}

// Found reads a file that a walk came upon. It is nil if neither the file's
// name nor its content says that it holds a config. As with Named there may
// be a file and an error.
func Found(path string, overlay wholefile.Overlay) (*File, error) {
	content, err := read(path, overlay)
	switch {
	case err != nil && ByName(path):
		return nil, err
	case err != nil:
		return nil, nil // who knows what it is
	case isYAML(path):
		file, err := fromYAML(path, content)
		if err != nil && file == nil && !quotesKey(content) {
			return nil, nil // whatever it is, it holds no config
		}
		return file, err
	case ByName(path):
		return fromJSON(path, content, serviceconfig.FormOf(content)), nil
	case !mayHold(content):
		return nil, nil
	}
	form := serviceconfig.FormOf(content)
	if form == serviceconfig.Other {
		return nil, nil
	}
	return fromJSON(path, content, form), nil
}

// read leaves out the path in its error, whose place says it.
func read(path string, overlay wholefile.Overlay) ([]byte, error) {
	content, err := overlay.ReadOwn(path, MaxSize)
	if err != nil {
		return nil, wholefile.Reason(err)
	}
	return content, nil
}

func isYAML(path string) bool { return filepath.Ext(path) != ".json" }

// mayHold spares most files the parsing: a config begins like one and has a
// key that FormOf looks for, in whatever case and style.
func mayHold(content []byte) bool {
	start := bytes.TrimLeft(content, " \t\r\n")
	switch {
	case bytes.HasPrefix(content, []byte("grpc_config=")):
		return true
	case !bytes.HasPrefix(start, []byte("{")) && !bytes.HasPrefix(start, []byte("[")):
		return false
	}
	folded := bytes.ToLower(content)
	for _, word := range []string{"method", "load", "retry", "health", "serviceconfig"} {
		if bytes.Contains(folded, []byte(word)) {
			return true
		}
	}
	return false
}

func fromJSON(path string, content []byte, form serviceconfig.Form) *File {
	if form == serviceconfig.Other {
		form = serviceconfig.Document
	}
	return &File{path, content, []Config{{Text: content, Form: form, content: content}}}
}

func fromYAML(path string, content []byte) (*File, error) {
	configs, err := inyaml.Find(content)
	if err != nil {
		what := "is no YAML"
		if bytes.Contains(content, []byte("{{")) {
			what = "is a template and no YAML, its service configs are not checked"
		}
		err = fmt.Errorf("%s: %s", what, strings.Join(strings.Fields(strings.TrimPrefix(err.Error(), "yaml: ")), " "))
	}
	if len(configs) == 0 {
		return nil, err
	}
	file := &File{Path: path, Content: content}
	for i := range configs {
		c := &configs[i]
		file.Configs = append(file.Configs, Config{Text: []byte(c.Text), Form: c.Form, content: content, inYAML: c})
	}
	return file, err
}

// quotesKey reports whether a text has a key of service configs in quotes, as
// JSON in YAML has, with or without a backslash.
func quotesKey(content []byte) bool {
	for _, key := range []string{"methodConfig", "method_config", "loadBalancingConfig", "loadBalancingPolicy", "retryThrottling", "healthCheckConfig", "serviceConfig"} {
		if bytes.Contains(content, []byte(`"`+key)) {
			return true
		}
	}
	return bytes.Contains(content, []byte("grpc_config="))
}

// Dialect returns who reads the configs of a file.
func (f *File) Dialect(configured serviceconfig.Dialect) serviceconfig.Dialect {
	if configured == serviceconfig.Auto {
		return serviceconfig.DialectOf(f.Path)
	}
	return configured
}

// Check judges a config of the file, whose positions file maps. Its error is
// as that of [serviceconfig.Check].
func (c *Config) Check(file *token.File, opts serviceconfig.Options) ([]finding.Finding, error) {
	opts.Choices = c.Form == serviceconfig.ChoiceList
	if c.inYAML == nil {
		return serviceconfig.Check(file, c.Text, opts)
	}
	findings, err := serviceconfig.CheckSpans(func(start, end int) (token.Pos, token.Pos) {
		from, to := c.inYAML.Span(start, end)
		return file.Pos(from), file.Pos(to)
	}, c.Text, opts)
	for i := range findings {
		findings[i].Fixes = c.writable(file, findings[i].Fixes)
	}
	return findings, err
}

// writable drops the fixes that YAML would need written otherwise than JSON:
// with escapes, with doubled quotes or with a block's indentation.
func (c *Config) writable(file *token.File, fixes []finding.Fix) []finding.Fix {
	if len(fixes) == 0 || !c.inYAML.Exact() {
		return nil
	}
	special := "\n" // would need the block's indentation
	if start := c.Offset(0); start > 0 {
		switch quote := c.content[start-1]; quote {
		case '"':
			special = "\"\\\n"
		case '\'':
			special = "'\n"
		}
	}
	var kept []finding.Fix
	for _, fix := range fixes {
		whole := true
		for _, e := range fix.Edits {
			from, to := file.Offset(e.Pos), file.Offset(e.End)
			start := sort.Search(len(c.Text), func(i int) bool { return c.Offset(i) >= from })
			if c.Offset(start) != from || strings.ContainsAny(e.NewText, special) ||
				start+to-from > len(c.Text) || !c.inYAML.Verbatim(c.content, start, start+to-from) {
				whole = false
				break
			}
		}
		if whole {
			kept = append(kept, fix)
		}
	}
	return kept
}
