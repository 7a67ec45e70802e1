// Package mdflow knows where gRPC metadata comes from and where it goes: what
// a peer has sent, what this program has put together, and which of that is
// sent to a server or to a client.
package mdflow

import (
	"go/ast"
	"go/token"
	"go/types"
	"reflect"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/fact"
	"github.com/grpclint/grpclint/analyzers/internal/funckey"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/finding"
)

// Path is the import path of grpc-go's package metadata.
const Path = stub.GRPCPath + "/metadata"

// Analyzer's result is an *Info.
var Analyzer = &analysis.Analyzer{
	Name:       "grpclintmetadata",
	Doc:        "find out where gRPC metadata comes from and goes\n\nA prerequisite of grpclint's families; it reports nothing by itself.",
	URL:        "https://pkg.go.dev/github.com/grpclint/grpclint/analyzers",
	Run:        run,
	Requires:   []*analysis.Analyzer{stub.Analyzer, program.Analyzer},
	ResultType: reflect.TypeFor[*Info](),
	FactTypes:  []analysis.Fact{new(Fact)},
}

// A Kind says what metadata, or the values of one key, are.
type Kind uint8

// Kinds. The order matters to facts.
const (
	Unknown  Kind = iota
	Incoming      // what the client of this server has sent; keys in lower case
	Reply         // headers or trailers that a server has sent; keys in lower case
	Lower         // put together by functions that write keys in lower case
	Built         // put together by hand
	Values        // the values of one key of Incoming metadata
	nothing       // what no way leads to; in no fact
)

// Lowered reports whether the keys are known to be in lower case.
func (k Kind) Lowered() bool { return k == Incoming || k == Reply || k == Lower }

// A Fact is what a package tells about metadata to those that import it.
// Packages that have nothing to tell export none.
type Fact struct{ fact.Of[told] }

type told struct {
	Funcs fact.Table[FuncFact]
	// Bridges: an interceptor of a server gives the contexts of handlers
	// outgoing metadata, or may.
	Bridges bool
}

// A FuncFact describes one function.
type FuncFact struct {
	Results []ResultFact
	Indexed []IndexedFact
	Sent    []SentFact
	Flaws   []FlawFact
	// Fresh lists results that are metadata which holds nothing of any
	// context.
	Fresh    []int
	Contexts []ContextFact
	Looks    []LookFact
	Through  []ThroughFact
}

// A ResultFact says what metadata a function returns.
type ResultFact struct {
	Index int
	Kind  Kind
}

// A ThroughFact says that a result is the metadata in a parameter, with all of
// its keys, or the values of one of them. Parameters count the receiver.
type ThroughFact struct {
	Result, Param int
	Key           string // of the values, if it is constant
	KeyParam      int    // 1 and the parameter that is the key; 0 for none
}

// An IndexedFact says that a function reads an element of a parameter, or of
// the values of a key of a parameter that is metadata, without having looked
// how many there are.
type IndexedFact struct {
	Param int    // counted with the receiver as 0
	Key   string // of metadata, if it is constant
	At    finding.Remote
}

// A SentFact says that a parameter is metadata that a function sends.
type SentFact struct {
	Param int
	Sink  Sink
}

// A FlawFact says that a result holds metadata that cannot be sent as it is.
type FlawFact struct {
	Result int
	Flaw   Flaw
	At     finding.Remote
}

// A Sink is a way to send metadata.
type Sink uint8

// Sinks.
const (
	NotSent  Sink = iota
	Outgoing      // with RPCs that this program makes
	Headers       // as a header or trailer of an RPC that it serves
	Checked       // as the same of a stream, after a look at what it is
)

// An Info answers for one package.
type Info struct {
	// Concerned says whether the package has to do with metadata at all. If
	// not, there is nothing to ask.
	Concerned bool

	pass   *analysis.Pass
	stubs  *stub.Index
	lazy   *program.Package
	known  fact.Index[told]
	engine *engine
}

func run(pass *analysis.Pass) (any, error) {
	info := &Info{pass: pass, stubs: pass.ResultOf[stub.Analyzer].(*stub.Index), lazy: pass.ResultOf[program.Analyzer].(*program.Package), known: fact.Known[told](pass)}
	if len(info.known) == 0 && !slices.ContainsFunc(pass.Pkg.Imports(), IsPackage) {
		return info, nil // neither imports metadata nor a package that handles it
	}
	mentions, moves := info.mentions()
	info.Concerned = mentions
	if !mentions || !moves {
		return info, nil // no function hands metadata to another
	}
	if own := info.Engine().export(); len(own.Funcs.Rows) > 0 || own.Bridges {
		pass.ExportPackageFact(&Fact{fact.New(own)})
	}
	return info, nil
}

// Bridges reports whether the package, or one that it imports, has an
// interceptor that gives the contexts of handlers outgoing metadata.
func (i *Info) Bridges() bool {
	if !i.Concerned {
		return false
	}
	for _, imported := range i.known {
		if imported.Bridges {
			return true
		}
	}
	return i.Engine().bridges()
}

// Engine builds what follows values through the package.
func (i *Info) Engine() *engine {
	if i.engine == nil {
		i.engine = newEngine(i)
	}
	return i.engine
}

// mentions reports whether the package uses package metadata or functions
// that have facts, and whether one of its functions takes or returns what can
// hold metadata: only such functions can have facts.
func (i *Info) mentions() (mentions, moves bool) {
	for _, file := range i.pass.Files {
		if ast.IsGenerated(file) {
			continue
		}
		ast.Inspect(file, func(n ast.Node) bool {
			id, ok := n.(*ast.Ident)
			if !ok {
				return true
			}
			obj := i.pass.TypesInfo.Uses[id]
			if obj == nil || obj.Pkg() == nil || mentions {
				return true
			}
			if IsPackage(obj.Pkg()) {
				mentions = true
			} else if fn, ok := obj.(*types.Func); ok {
				mentions = i.Fact(fn) != nil
			}
			return true
		})
	}
	if !mentions {
		return false, false
	}
	for _, file := range i.pass.Files {
		for _, decl := range file.Decls {
			if decl, ok := decl.(*ast.FuncDecl); ok {
				if fn, ok := i.pass.TypesInfo.Defs[decl.Name].(*types.Func); ok && fn.Exported() {
					moves = moves || holds(fn.Signature().Params()) || holds(fn.Signature().Results())
				}
			}
		}
	}
	return true, moves
}

func holds(tuple *types.Tuple) bool {
	for v := range tuple.Variables() {
		if IsMD(v.Type()) || isStrings(v.Type()) || stub.IsContext(v.Type()) {
			return true
		}
	}
	return false
}

// IsPackage reports whether pkg is grpc-go's package metadata.
func IsPackage(pkg *types.Package) bool { return pkg != nil && pkg.Path() == Path }

// IsMD reports whether t is metadata.MD.
func IsMD(t types.Type) bool {
	named, ok := types.Unalias(t).(*types.Named)
	return ok && named.Obj().Name() == "MD" && IsPackage(named.Obj().Pkg())
}

func isStrings(t types.Type) bool {
	slice, ok := types.Unalias(t).Underlying().(*types.Slice)
	if !ok {
		return false
	}
	basic, ok := types.Unalias(slice.Elem()).(*types.Basic)
	return ok && basic.Kind() == types.String
}

// Func returns the name of the function of package metadata that fn is
// ("Pairs", "MD.Get"), or "".
func Func(fn *types.Func) string {
	if fn == nil || !IsPackage(fn.Pkg()) {
		return ""
	}
	return funckey.Of(fn)
}

// Fact returns what another package tells about fn, or nil.
func (i *Info) Fact(fn *types.Func) *FuncFact {
	if told := i.known.Of(fn); told != nil && fn.Pkg() != i.pass.Pkg {
		return told.Funcs.Of(fn)
	}
	return nil
}

// remote describes a place of this package for others.
func (i *Info) remote(from, to token.Pos) finding.Remote {
	return finding.RemoteAt(i.pass.Fset, i.pass.Pkg.Path(), from, to)
}

// sinkOf returns how a call sends an argument, and which.
func sinkOf(call *ssa.CallCommon) (sink Sink, arg int) {
	obj := program.CalledObject(call)
	if obj == nil {
		return NotSent, 0
	}
	if Func(obj) == "NewOutgoingContext" {
		return Outgoing, 1
	}
	sig := obj.Signature()
	method := sig.Recv() != nil && sig.Params().Len() == 1 && IsMD(sig.Params().At(0).Type()) // of a grpc.ServerStream, or what wraps it
	function := sig.Recv() == nil && obj.Pkg() != nil && obj.Pkg().Path() == stub.GRPCPath
	switch obj.Name() {
	case "SetHeader", "SendHeader":
		if method {
			return Checked, 1
		}
	case "SetTrailer":
	default:
		return NotSent, 0
	}
	if method || function {
		return Headers, 1
	}
	return NotSent, 0
}

// Called returns the name of the function of package metadata that is called,
// or "".
func Called(call *ssa.CallCommon) string { return Func(program.CalledObject(call)) }
