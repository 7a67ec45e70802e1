// Package wiring hands to the view of a package what only a run that sees the
// whole program can know: which functions of other packages stand behind its
// interfaces and function values. Everywhere else it knows nothing.
package wiring

import (
	"go/token"
	"go/types"
	"reflect"

	"golang.org/x/tools/go/analysis"
)

// Analyzer's result is a *Links. It is empty, unless the driver puts in another.
var Analyzer = &analysis.Analyzer{
	Name:       "grpclintwiring",
	Doc:        "tell what stands behind the interfaces of a package\n\nA prerequisite of grpclint's families; it reports nothing by itself.",
	URL:        "https://pkg.go.dev/github.com/grpclint/grpclint/analyzers",
	Run:        func(*analysis.Pass) (any, error) { return new(Links), nil },
	ResultType: reflect.TypeFor[*Links](),
}

// Links say what calls of a package run.
type Links struct {
	// Runs holds the functions by the opening parentheses of the calls.
	Runs map[token.Pos]*types.Func
	// Registers holds the types of what generated code registers and gets as an
	// interface, by the opening parentheses of these calls.
	Registers map[token.Pos]types.Type
	// Reaches: some of them reach grpc-go, so the package does, even if none of
	// its imports do.
	Reaches bool
}
