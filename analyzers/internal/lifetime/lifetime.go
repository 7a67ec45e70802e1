// Package lifetime tells programs that end by themselves from those that
// last: who starts the former sees an RPC hang, and interrupts it, so that
// what can go wrong there is worth a note and no warning.
//
// That a program runs once needs evidence. Against it speaks whatever
// accepts connections, waits for a signal or goes round without an end, be
// it in main or in a package of the program's module that it imports, and a
// call of something in another module that does. Code that carries out a
// command of a command line, and does not last, runs once wherever it stands.
package lifetime

import (
	"go/token"
	"reflect"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/grpclint/grpclint/analyzers/internal/fact"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/analyzers/internal/testcode"
)

// Analyzer's result is an *Info.
var Analyzer = &analysis.Analyzer{
	Name:       "grpclintlifetimes",
	Doc:        "tell programs that end by themselves from those that last\n\nA prerequisite of grpclint's families; it reports nothing by itself.",
	URL:        "https://pkg.go.dev/github.com/grpclint/grpclint/analyzers",
	Run:        run,
	Requires:   []*analysis.Analyzer{stub.Analyzer, testcode.Analyzer},
	ResultType: reflect.TypeFor[*Info](),
	FactTypes:  []analysis.Fact{new(Fact)},
}

// A Fact is what a package tells its importers. One that does none of it, and
// imports nothing that does, exports none.
type Fact struct{ fact.Of[told] }

type told struct {
	Module string
	// Serves: this package or one of its module that it imports accepts
	// connections. Lasts: it does, waits for a signal or goes round
	// without an end.
	Serves, Lasts bool
	// Funcs are the exported functions and methods that accept
	// connections or wait for a signal, as funckey names them, sorted.
	Funcs []string
}

// An Info is what is known of the programs that a package is part of. The
// zero value knows nothing.
type Info struct {
	// Serves: this package or one of its module that it imports accepts
	// connections.
	Serves bool
	// OneShot: the package is a program that uses gRPC and ends by itself.
	OneShot bool

	commands []span
}

// A span is a piece of source.
type span struct{ from, to token.Pos }

// InCommand reports whether pos lies in code that runs only to carry out a
// command of a command line, which somebody waits for at a terminal: in a
// function that takes the command or is a method of one, in one that only
// such functions use, or in a literal inside of them. A command that serves
// is no such thing.
func (i *Info) InCommand(pos token.Pos) bool {
	return slices.ContainsFunc(i.commands, func(s span) bool { return s.from <= pos && pos < s.to })
}

// RunsOnce reports whether the code at pos runs in a program that ends by
// itself: in that of this package, or in a command of a command line.
func (i *Info) RunsOnce(pos token.Pos) bool { return i.OneShot || i.InCommand(pos) }

func run(pass *analysis.Pass) (any, error) {
	stubs := pass.ResultOf[stub.Analyzer].(*stub.Index)
	if !stubs.Reaches {
		return new(Info), nil
	}
	inTest := func(pos token.Pos) bool { return testcode.Is(pass, pos) }
	s := &survey{pass: pass, inTest: inTest, module: modulePath(pass), known: fact.Known[told](pass), reaches: stubs.Told}
	own := &told{Module: s.module}
	for _, imported := range pass.Pkg.Imports() {
		if known := s.known[imported.Path()]; known != nil && known.Module == s.module {
			own.Serves = own.Serves || known.Serves
			own.Lasts = own.Lasts || known.Lasts
		}
	}
	if !strings.HasPrefix(pass.Pkg.Path(), stub.GRPCPath+"/") { // grpc/xds can serve; whoever imports it may not
		s.read()
		for _, b := range s.bodies {
			own.Serves = own.Serves || b.serves
			own.Lasts = own.Lasts || b.serves || b.waits || b.loops
		}
		own.Funcs = s.exported()
	}
	if own.Serves || own.Lasts || len(own.Funcs) > 0 {
		pass.ExportPackageFact(&Fact{fact.New(own)})
	}
	return &Info{
		Serves:   own.Serves,
		OneShot:  pass.Pkg.Name() == "main" && !own.Lasts,
		commands: s.commands(),
	}, nil
}

func modulePath(pass *analysis.Pass) string {
	if pass.Module == nil {
		return "" // a driver without modules: all is one
	}
	return pass.Module.Path
}
