// Package protocheck holds the rules for .proto files.
//
// They read descriptors only, so that the same rules run in grpclint's own
// program, which compiles the files, and inside buf, which hands over
// descriptors. Where in the text something stands is for the one who has
// the text: a rule names a part of a declaration, an [Element].
package protocheck

import (
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/grpclint/grpclint/rule"
)

// A Part is a part of a declaration.
type Part int

// Parts.
const (
	Name   Part = iota // the declared name
	Type               // of a field, with its label
	Input              // of a method: the request's type
	Output             // of a method: the reply's type
	Option             // the option that Element.Option names, name and value
	Whole              // the whole declaration, from its first word to its last
	Import             // of a file: the import of the path in Element.Option
)

// An Element is a part of a declaration in a .proto file.
type Element struct {
	Descriptor protoreflect.Descriptor
	Part       Part
	// Option is the option's name as it is written: "idempotency_level",
	// "(google.api.http)". An element whose option is not in the text is
	// the declaration's name. The name of a file is its package's.
	Option string
}

// An Issue is what a rule finds, before anybody knows the text.
type Issue struct {
	Rule     *rule.Rule
	Severity rule.Severity // at most the rule's; zero means the rule's
	At       Element
	Message  string // as finding.Finding.Message
	Related  []Related
	Fixes    []Fix
}

// A Place is what an issue is about. Two issues of one place say the same, be
// it for another reason: of a request that two methods take, once is enough.
// Declarations are told apart by name, because whether descriptors of one are
// the same value is up to who made them.
type Place struct {
	rule, name string
	part       Part
	option     string
}

// Place returns what the issue is about.
func (i Issue) Place() Place {
	return Place{i.Rule.ID, string(i.At.Descriptor.FullName()), i.At.Part, i.At.Option}
}

// A Related place explains an issue.
type Related struct {
	At      Element
	Message string
}

// A Fix is a set of edits that removes the issue.
type Fix struct {
	Message string // a verb phrase
	Safe    bool
	Edits   []Edit
}

// An Edit replaces an element's text. For an Option, NewText is "name =
// value", without brackets, the word option and the semicolon: what is in
// the text is replaced, what is not is added, and an empty NewText takes the
// option away, with the brackets that it leaves empty. An Import is added
// unless it is there, whatever NewText. An empty NewText for Whole deletes
// the declaration with the line that it leaves empty.
type Edit struct {
	At      Element
	NewText string
}

// A Source answers what descriptors alone do not tell.
type Source interface {
	// Comment returns the comments that belong to a declaration, without
	// their markers, "" if there are none or nobody knows.
	Comment(protoreflect.Descriptor) string
	// Mentions reports whether the text of a file contains some words;
	// true if nobody knows. It is cheaper than Comment.
	Mentions(file protoreflect.FileDescriptor, words string) bool
}
