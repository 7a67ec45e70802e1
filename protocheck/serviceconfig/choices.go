package serviceconfig

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// txtAttribute is what the DNS TXT record of a service config begins with.
const txtAttribute = "grpc_config="

// choices judges the list of choices of a DNS TXT record.
func (c *checker) choices() (root *node, label func(offset int) string, err error) {
	// The attribute becomes blanks, so that offsets stay what they are.
	src := c.src
	if bytes.HasPrefix(src, []byte(txtAttribute)) {
		src = slices.Concat(bytes.Repeat([]byte(" "), len(txtAttribute)), src[len(txtAttribute):])
	}
	root, err = parse(src)
	if err != nil {
		c.syntax(err.(*SyntaxError))
		return nil, nil, err
	}
	var labels []func(int) string
	if root.kind != array {
		c.badChoice(root, "it is a list of choices, this is "+c.what(root))
	}
	for _, e := range root.elements {
		if config := c.oneChoice(e); config != nil {
			labels = append(labels, c.document(config).labels())
		}
	}
	c.misspellings()
	return root, func(offset int) string {
		for _, label := range labels {
			if s := label(offset); s != "" {
				return s
			}
		}
		return ""
	}, nil
}

// oneChoice checks the conditions of a choice, and returns its config if it
// is one that Go clients read.
func (c *checker) oneChoice(n *node) (config *node) {
	if n.kind == null {
		return nil
	}
	if n.kind != object {
		c.badChoice(n, "a choice is an object, this is "+c.what(n))
		return nil
	}
	forGo := true
	c.members(n, &choiceMessage, nil, func(f *field, m member) {
		switch v := m.value; f.id {
		case serviceConfig:
			config = v
			if v.kind == null {
				config = nil
			}
		case percentage:
			if v.kind == null {
				return
			}
			if _, err := strconv.ParseInt(v.text, 10, 64); v.kind != number || err != nil {
				c.badChoice(v, "percentage is a whole number, this is "+c.what(v))
			}
		case clientLanguage, clientHostname:
			if v.kind != array && v.kind != null {
				c.badChoice(v, f.name+" is a list, this is "+c.what(v))
				return
			}
			for _, e := range v.elements {
				if e.kind != text && e.kind != null {
					c.badChoice(e, f.name+" lists strings, this is "+c.what(e))
				}
			}
			if f.id == clientLanguage {
				forGo = v.kind == null || c.speaksGo(v)
			}
		}
	})
	if !forGo {
		return nil
	}
	return config
}

// speaksGo reports whether a list of languages has that of grpc-go, and
// reports other spellings of it.
func (c *checker) speaksGo(languages *node) bool {
	var near *node
	for _, e := range languages.elements {
		if e.text == "GO" {
			return true
		}
		if strings.EqualFold(e.text, "go") || strings.EqualFold(e.text, "golang") {
			near = e
		}
	}
	if near != nil {
		c.otherLanguage(near)
	}
	return false
}

// A Form is what a text that may hold a service config turns out to be.
type Form int

const (
	// Other texts hold none.
	Other Form = iota
	// Document is a config.
	Document
	// ChoiceList is for Options.Choices.
	ChoiceList
)

// FormOf tells by its content whether a text is meant to be a service
// config, be it a correct one or not: an object with a key that only service
// configs have, or a list of choices as in a DNS TXT record. Files that are
// known to be configs need not be asked about.
func FormOf(src []byte) Form {
	rest, attribute := bytes.CutPrefix(src, []byte(txtAttribute))
	rest = bytes.TrimLeft(rest, " \t\r\n")
	switch {
	case attribute:
		return ChoiceList
	case bytes.HasPrefix(rest, []byte("{")):
		if hasKey(rest, func(key string) bool {
			return documentMessage.lookup(key) != nil || len(key) > 8 && documentMessage.bare(key) != nil
		}) {
			return Document
		}
	case bytes.HasPrefix(rest, []byte("[")):
		inner := bytes.TrimLeft(rest[1:], " \t\r\n")
		if bytes.HasPrefix(inner, []byte("{")) && hasKey(inner, func(key string) bool { return key == "serviceConfig" }) {
			return ChoiceList
		}
	}
	return Other
}

// hasKey reports whether the object that a text begins with has a key, as
// far as it can be read.
func hasKey(src []byte, is func(key string) bool) bool {
	decoder := jsontext.NewDecoder(bytes.NewBuffer(src), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	if _, err := decoder.ReadToken(); err != nil {
		return false
	}
	for decoder.PeekKind() == '"' {
		key, err := decoder.ReadToken()
		if err != nil {
			return false
		}
		if is(key.String()) {
			return true
		}
		if decoder.SkipValue() != nil {
			return false
		}
	}
	return false
}
