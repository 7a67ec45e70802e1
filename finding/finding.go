// Package finding holds the one type in which every part of grpclint says
// that something is wrong, be it in Go, in a .proto file or in a service
// config.
//
// Files that are not Go join the same [token.FileSet] (AddFile, then
// SetLinesForContent), so that positions, sorting, fixes and output formats
// are written once for all of them.
package finding

import (
	"go/token"

	"github.com/grpclint/grpclint/finding/claim"
	"github.com/grpclint/grpclint/rule"
)

// A Finding is one defect at one place.
type Finding struct {
	Rule     *rule.Rule
	Severity rule.Severity // at most the rule's; zero means the rule's
	Effect   Effect        // for service configs; else empty

	// Pos and End delimit the smallest piece of text to edit.
	Pos, End token.Pos

	// Message says the consequence, then the cause, in one line of less
	// than 140 characters. It does not contain the rule's id.
	Message string

	// Decl and Subject identify the finding when lines move: the
	// enclosing declaration ("(*Server).Get") and what the finding is
	// about (the RPC's full name, say).
	Decl, Subject string

	Related []Related
	Fixes   []Fix // the first is the best

	// Cause is set if the finding speaks of several things at once because
	// one edit mends them all.
	Cause *Cause

	// Generated is set for findings in generated files, which are shown
	// on request only.
	Generated bool

	// Linked is set for findings whose cause is how packages are wired
	// together, which only a run that sees the whole program knows.
	Linked bool

	// StandsOn are the conditions that a run which sees the whole program
	// may refute. See [Finding.Settle].
	StandsOn []claim.Condition
}

// A Related place explains a finding: the RPC that a context reaches, say.
type Related struct {
	Message string

	// Pos and End are set for a place in an analysed file.
	Pos, End token.Pos

	// Remote is set instead for a place in an imported package, whose
	// source the pass does not have.
	Remote *Remote
}

// A Remote is a place in another package, as facts carry it: never by an
// absolute path, because facts must not depend on the machine.
type Remote struct {
	Package         string // import path
	File            string // base name
	Line, Column    int    // 1-based, columns in bytes
	EndLine, EndCol int
}

// RemoteAt describes, for the facts of a package, a range of its source. The
// end is unknown if to is no position.
func RemoteAt(fset *token.FileSet, pkg string, from, to token.Pos) Remote {
	start, end := Position(fset, from), Position(fset, to)
	return Remote{
		Package: pkg,
		File:    base(start.Filename),
		Line:    start.Line, Column: start.Column,
		EndLine: end.Line, EndCol: end.Column,
	}
}

// A Fix is a set of edits that removes the finding.
type Fix struct {
	Message string // a verb phrase
	Safe    bool   // see rule.SafeFix
	Edits   []Edit
}

// An Edit replaces the text from Pos to End.
type Edit struct {
	Pos, End token.Pos
	NewText  string
}

// An Effect says what grpc-go does with the part of a service config that a
// finding is about.
type Effect string

// Effects.
const (
	Rejected    Effect = "rejected"    // refuses the whole config
	Ignored     Effect = "ignored"     // accepts it; this part does nothing
	Changed     Effect = "changed"     // accepts it; acts otherwise than written
	Risky       Effect = "risky"       // does what it says, and that is harmful
	Portability Effect = "portability" // other gRPC implementations differ
)

// InTests lowers a finding in test code, and reports whether it is one there.
func (f *Finding) InTests() bool {
	if limit := f.Rule.InTests; limit != 0 {
		f.Severity = min(f.EffectiveSeverity(), limit)
	}
	return f.Severity != rule.Off
}

// EffectiveSeverity returns the severity before any configuration.
func (f *Finding) EffectiveSeverity() rule.Severity {
	if f.Severity == 0 {
		return f.Rule.Severity
	}
	return f.Severity
}
