// Package nginxconf reads the configuration of nginx.
//
//	server {                        Directive{Name: server, Block: ...}
//	    listen 443 ssl http2;         Directive{Name: listen, Args: 443, ssl, http2}
//	}
//
// It knows the form and no meaning. What a template or envsubst decides is a
// word with a hole in it, and a block with an include may hold anything.
package nginxconf

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/grpclint/grpclint/deploycheck/source"
	"github.com/grpclint/grpclint/deploycheck/yamldoc"
)

// A Word is one of a directive's.
type Word struct {
	Text string
	Span source.Span
}

// Known reports whether the word is what nginx will read.
func (w Word) Known() bool { return !yamldoc.HasHole(w.Text) }

// A Directive is a name with arguments, and a block or none.
type Directive struct {
	Word // the name
	Args []Word
	// Block is what stands in braces. HasBlock tells an empty one from none.
	Block    []*Directive
	HasBlock bool
	Parent   *Directive // nil at the top
	whole    source.Span
}

// Whole is the directive with its arguments, without a block.
func (d *Directive) Whole() source.Span { return d.whole }

// An Error says where a text is no configuration.
type Error struct {
	Line    int // 1-based, in the file
	Message string
}

func (e *Error) Error() string { return e.Message }

// maxDepth is how deep blocks may be in each other; nginx itself knows fewer
// than ten.
const maxDepth = 64

// Parse reads a text. Of one that is broken it returns what stands before.
func Parse(text *source.Text) ([]*Directive, error) {
	p := &parser{text: text, src: text.Content}
	top, err := p.block(nil, 0)
	return top, err
}

type parser struct {
	text *source.Text
	src  []byte
	at   int
}

func (p *parser) span(start, end int) source.Span {
	return source.Span{Text: p.text, Start: start, End: end}
}

func (p *parser) fail(at int, format string, args ...any) error {
	return &Error{Line: p.span(at, at).Line(), Message: fmt.Sprintf(format, args...)}
}

// block reads directives up to the brace that ends the block, or to the end.
func (p *parser) block(parent *Directive, depth int) ([]*Directive, error) {
	if depth > maxDepth {
		return nil, p.fail(p.at, "blocks are nested too deeply")
	}
	var list []*Directive
	for {
		p.blanks()
		if p.at >= len(p.src) {
			if parent != nil {
				return list, p.fail(parent.Span.Start, "the block of %q has no end", parent.Text)
			}
			return list, nil
		}
		if p.src[p.at] == '}' {
			if parent == nil {
				return list, p.fail(p.at, "a brace ends no block")
			}
			p.at++
			return list, nil
		}
		d, err := p.directive(parent, depth)
		if d != nil {
			list = append(list, d)
		}
		if err != nil {
			return list, err
		}
	}
}

// directive reads a name, its arguments, and its block or semicolon.
func (p *parser) directive(parent *Directive, depth int) (*Directive, error) {
	if p.action() {
		return nil, nil // a template's {{ if }} on a line of its own
	}
	start := p.at
	name, err := p.word()
	if err != nil {
		return nil, err
	}
	if p.at == start {
		return nil, p.fail(start, "unexpected %q", p.src[start])
	}
	d := &Directive{Word: name, Parent: parent}
	for {
		p.blanks()
		if p.at >= len(p.src) {
			return nil, p.fail(start, "the directive %q has no end", name.Text)
		}
		switch p.src[p.at] {
		case ';':
			d.whole = p.span(start, p.at)
			p.at++
			return d, nil
		case '{':
			if p.action() {
				continue
			}
			if bytes.HasPrefix(p.src[p.at:], []byte("{{")) {
				break // a word
			}
			d.whole = p.span(start, p.at)
			d.HasBlock = true
			p.at++
			if strings.HasSuffix(name.Text, "_by_lua_block") {
				return d, p.skipLua(start)
			}
			d.Block, err = p.block(d, depth+1)
			return d, err
		case '}':
			return nil, p.fail(p.at, "the directive %q has no end", name.Text)
		}
		word, err := p.word()
		if err != nil {
			return nil, err
		}
		d.Args = append(d.Args, word)
	}
}

// action passes an action of a template that stands where a word would begin
// and has the rest of the line for itself.
func (p *parser) action() bool {
	if !bytes.HasPrefix(p.src[p.at:], []byte("{{")) {
		return false
	}
	end := bytes.Index(p.src[p.at:], []byte("}}"))
	if end < 0 {
		return false
	}
	rest := p.src[p.at+end+2:]
	if i := bytes.IndexByte(rest, '\n'); i >= 0 {
		rest = rest[:i]
	}
	if len(bytes.TrimSpace(rest)) > 0 {
		return false
	}
	p.at += end + 2
	return true
}

// skipLua passes a block of Lua, whose braces are in balance.
func (p *parser) skipLua(start int) error {
	for depth := 1; p.at < len(p.src); p.at++ {
		switch p.src[p.at] {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				p.at++
				return nil
			}
		}
	}
	return p.fail(start, "a block of Lua has no end")
}

func (p *parser) blanks() {
	for p.at < len(p.src) {
		switch p.src[p.at] {
		case ' ', '\t', '\r', '\n':
			p.at++
		case '#':
			for p.at < len(p.src) && p.src[p.at] != '\n' {
				p.at++
			}
		default:
			return
		}
	}
}

// word reads a quoted or a plain word.
func (p *parser) word() (Word, error) {
	start := p.at
	if quote := p.src[p.at]; quote == '"' || quote == '\'' {
		var b strings.Builder
		for p.at++; p.at < len(p.src); p.at++ {
			switch c := p.src[p.at]; {
			case c == quote:
				p.at++
				return Word{b.String(), p.span(start+1, p.at-1)}, nil
			case c == '\\' && p.at+1 < len(p.src):
				p.at++
				b.WriteByte(p.src[p.at])
			default:
				b.WriteByte(c)
			}
		}
		return Word{}, p.fail(start, "a quote has no end")
	}
	for p.at < len(p.src) {
		switch c := p.src[p.at]; {
		case c == '\\' && p.at+1 < len(p.src):
			p.at += 2
		case bytes.HasPrefix(p.src[p.at:], []byte("{{")), bytes.HasPrefix(p.src[p.at:], []byte("${")):
			closing := "}"
			if c == '{' {
				closing = "}}"
			}
			end := bytes.Index(p.src[p.at:], []byte(closing))
			if end < 0 {
				return Word{}, p.fail(p.at, "%s has no end", p.src[p.at:p.at+2])
			}
			p.at += end + len(closing)
		case strings.IndexByte(" \t\r\n;{}", c) >= 0:
			return Word{string(p.src[start:p.at]), p.span(start, p.at)}, nil
		default:
			p.at++
		}
	}
	return Word{string(p.src[start:p.at]), p.span(start, p.at)}, nil
}

// Find returns the directives of a name in a block.
func Find(block []*Directive, name string) []*Directive {
	var found []*Directive
	for _, d := range block {
		if d.Text == name {
			found = append(found, d)
		}
	}
	return found
}

// Walk calls visit for every directive, those in blocks behind that which has
// the block.
func Walk(list []*Directive, visit func(*Directive)) {
	for _, d := range list {
		visit(d)
		Walk(d.Block, visit)
	}
}

// Arg returns the first argument, "" if there is none or it is not known.
func (d *Directive) Arg() string {
	if len(d.Args) == 0 || !d.Args[0].Known() {
		return ""
	}
	return d.Args[0].Text
}

// Above returns the nearest block of a name around the directive.
func (d *Directive) Above(name string) *Directive {
	for d = d.Parent; d != nil; d = d.Parent {
		if d.Text == name {
			return d
		}
	}
	return nil
}

// Inherited returns the directive of a name that holds at d: in the nearest
// block that has one. top is what stands around all blocks. known is false
// where an include on the way may hold another.
func (d *Directive) Inherited(top []*Directive, name string) (found *Directive, known bool) {
	known = true
	for p := d.Parent; ; p = p.Parent {
		block := top
		if p != nil {
			block = p.Block
		}
		if same := Find(block, name); len(same) > 0 {
			return same[len(same)-1], known
		}
		for _, include := range Find(block, "include") {
			known = known && isTypes(include.Arg())
		}
		if p == nil {
			return nil, known
		}
	}
}

// isTypes: what nginx ships and includes everywhere.
func isTypes(file string) bool { return strings.HasSuffix(file, "mime.types") }
