package finding

import (
	"go/token"
	"strings"
)

// Position returns where pos stands in the file that somebody wrote, which
// is the file that was read.
//
// //line comments are not followed. They name files that nobody looked at,
// that may lie anywhere or nowhere, and lines of which no excerpt, fix or
// directive could speak. The exception are those of cgo, which lead from the
// file that the compiler gets to the Go file that it is made of.
func Position(fset *token.FileSet, pos token.Pos) token.Position {
	real := fset.PositionFor(pos, false)
	if strings.HasSuffix(real.Filename, ".go") && !strings.HasSuffix(real.Filename, ".cgo1.go") {
		return real
	}
	// As go build and go vet call it; go list has it under its hash.
	if source := fset.Position(pos); strings.HasSuffix(source.Filename, ".go") {
		return source
	}
	return real
}

// base is filepath.Base for either kind of slash: facts written on one system
// are read on another.
func base(file string) string { return file[strings.LastIndexAny(file, `/\`)+1:] }
