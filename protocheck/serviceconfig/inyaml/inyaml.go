// Package inyaml finds the service configs that stand in YAML: in the data
// of a Kubernetes ConfigMap, in an environment variable of a Deployment, in
// the values of a Helm chart.
package inyaml

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/grpclint/grpclint/internal/yamlscalar"
	"github.com/grpclint/grpclint/protocheck/serviceconfig"
)

// A Config is a string in a YAML file that holds a service config.
type Config struct {
	Text    string // the string's value
	Form    serviceconfig.Form
	Key     string // under which it stands, "" in a list
	Line    int    // of the string, from 1
	offsets []int  // in the file of each byte of Text, and of its end; nil if they could not be told
	start   int    // of the string in the file
	end     int
}

// Span returns where in the file the bytes from start to end of the text
// are; the whole string where that cannot be told.
func (c *Config) Span(start, end int) (from, to int) {
	if c.offsets == nil {
		return c.start, c.end
	}
	if end == start {
		return c.offsets[start], c.offsets[start]
	}
	// The end of the last byte, not the start of the next: between them
	// there may be a line's indentation.
	return c.offsets[start], max(c.offsets[end-1]+1, c.offsets[start]+1)
}

// Exact reports whether positions within the text are known.
func (c *Config) Exact() bool { return c.offsets != nil }

// Verbatim reports whether the bytes from start to end stand in the file as
// they are in the text, so that an edit may replace them by plain text.
func (c *Config) Verbatim(src []byte, start, end int) bool {
	if c.offsets == nil {
		return false
	}
	for i := start; i < end; i++ {
		if c.offsets[i] != c.offsets[start]+i-start || src[c.offsets[i]] != c.Text[i] {
			return false
		}
	}
	return true
}

// maxSize is how large a YAML file may be: configs are small, and the
// library reads all of it at once.
const maxSize = 16 << 20

// Find returns the service configs in a YAML file, in their order. Documents
// before one that cannot be read count; the error says what is wrong with
// that one. Templates (Helm's "{{ ... }}") are often no YAML.
func Find(src []byte) ([]Config, error) {
	if len(src) > maxSize {
		return nil, fmt.Errorf("the file has more than %d MB", maxSize>>20)
	}
	if !mayHold(src) {
		return nil, nil
	}
	f := &finder{src: src, lines: yamlscalar.LinesOf(src)}
	decoder := yaml.NewDecoder(bytes.NewReader(src))
	for {
		var document yaml.Node
		err := decoder.Decode(&document)
		if errors.Is(err, io.EOF) {
			return f.found, nil
		}
		if err != nil {
			return f.found, err
		}
		f.visit("", &document)
	}
}

// mayHold spares the reading of files without any of the words that a config
// has.
func mayHold(src []byte) bool {
	for _, word := range []string{"methodConfig", "method_config", "loadBalancing", "load_balancing", "retryThrottling", "healthCheckConfig", "serviceConfig", "grpc_config="} {
		if bytes.Contains(src, []byte(word)) {
			return true
		}
	}
	return false
}

type finder struct {
	src   []byte
	lines yamlscalar.Lines
	found []Config
}

func (f *finder) visit(key string, n *yaml.Node) {
	switch n.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			f.visit(n.Content[i].Value, n.Content[i+1])
		}
	case yaml.ScalarNode:
		form, skip := serviceconfig.FormOf([]byte(n.Value)), 0
		if form == serviceconfig.Other {
			// An argument of a command: --service-config={...}
			flag, value, ok := strings.Cut(n.Value, "={")
			if !ok || strings.ContainsAny(flag, " {\"\n") {
				return
			}
			if form, skip = serviceconfig.FormOf([]byte("{"+value)), len(flag)+1; form == serviceconfig.Other {
				return
			}
		}
		c := Config{Text: n.Value[skip:], Form: form, Key: key, Line: n.Line}
		f.locate(&c, n, skip)
		f.found = append(f.found, c)
	default: // documents and lists; an alias is visited where its anchor is
		for _, inner := range n.Content {
			f.visit("", inner)
		}
	}
}

// locate finds the bytes of a string in the file; the text is all of it but
// the first few bytes.
func (f *finder) locate(c *Config, n *yaml.Node, skip int) {
	at := f.lines.Offset(f.src, n.Line, n.Column)
	c.start, c.end = at, at
	for c.end < len(f.src) && f.src[c.end] != '\n' {
		c.end++
	}
	offsets := yamlscalar.Align(f.src, at, n.Value)
	if offsets == nil {
		return
	}
	c.offsets = offsets[skip:]
	c.start, c.end = c.offsets[0], c.offsets[len(c.offsets)-1]
}
