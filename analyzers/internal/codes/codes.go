// Package codes tells which status codes the handlers of a package can
// return, where they come from, and which codes its callers retry.
//
// Nothing of it is needed to judge code: the analyzer runs when somebody asks
// for the table, and else not at all.
package codes

import (
	"cmp"
	"go/token"
	"go/types"
	"reflect"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/codeflow"
	"github.com/grpclint/grpclint/analyzers/internal/connretry"
	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/directive"
	"github.com/grpclint/grpclint/analyzers/internal/errflow"
	"github.com/grpclint/grpclint/analyzers/internal/funckey"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/retryshape"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/analyzers/internal/testcode"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/rule"
)

// New returns the analyzer; its Result is a *report.Result. It requires the
// families too: what it asks serves one at a time.
func New(families []*analysis.Analyzer) *analysis.Analyzer {
	return &analysis.Analyzer{
		Name:       "grpclintcodes",
		Doc:        "tell which status codes handlers return\n\nFor grpclint's own table; it reports nothing.",
		URL:        "https://pkg.go.dev/github.com/grpclint/grpclint/analyzers",
		Run:        run,
		Requires:   append([]*analysis.Analyzer{directive.Analyzer, stub.Analyzer, errflow.Analyzer, retryshape.Analyzer, connretry.Analyzer, testcode.Analyzer}, families...),
		ResultType: reflect.TypeFor[*report.Result](),
	}
}

func run(pass *analysis.Pass) (any, error) {
	t := &table{
		pass: pass, stubs: pass.ResultOf[stub.Analyzer].(*stub.Index),
		flow: pass.ResultOf[errflow.Analyzer].(*errflow.Flow), codes: new(report.Codes),
		directives: pass.ResultOf[directive.Analyzer].(*directive.Set),
	}
	if t.flow.Program != nil && t.stubs.Reaches {
		t.handlers()
		t.unimplemented()
		slices.SortStableFunc(t.codes.Handlers, func(a, b report.Handler) int { return int(a.Pos - b.Pos) })
	}
	t.retries(pass.ResultOf[retryshape.Analyzer].(*retryshape.Info), pass.ResultOf[connretry.Analyzer].(*connretry.Info).Interceptors)
	return &report.Result{Program: report.Program{Codes: t.codes}}, nil
}

type table struct {
	pass  *analysis.Pass
	stubs *stub.Index
	flow  *errflow.Flow
	codes *report.Codes

	directives *directive.Set
}

// handlers lists what is declared in the package.
func (t *table) handlers() {
	for _, fn := range t.flow.Program.Funcs {
		obj, _ := fn.Object().(*types.Func)
		if obj == nil || fn.Signature.Results().Len() == 0 || testcode.Is(t.pass, fn.Pos()) || t.flow.IsGenerated(fn.Pos()) {
			continue
		}
		rpc := t.stubs.Handler(obj)
		if rpc == nil || rpc.FullMethod == "" {
			continue // no handler, or one of code so old that it has no name
		}
		h := report.Handler{FullMethod: rpc.FullMethod, Name: funckey.Of(obj), Pos: obj.Pos(), If: stub.Served(obj.Signature().Recv().Type())}
		last := fn.Signature.Results().Len() - 1
		for _, block := range fn.Blocks {
			ret, ok := control.Last(block).(*ssa.Return)
			if !ok || block == fn.Recover {
				continue // the way out behind a panic that was caught
			}
			for _, s := range t.flow.OfIn(program.GivenBack(ret, last), block).Sources {
				h.Sources = append(h.Sources, t.sources(&s)...)
			}
		}
		if at := program.Catches(fn); at != nil {
			h.Sources = append(h.Sources, report.CodeSource{Code: -1, What: "a panic that is caught", Place: t.place(at.Pos())})
		}
		h.Sources = sorted(h.Sources)
		t.codes.Handlers = append(t.codes.Handlers, h)
	}
}

// unimplemented lists the methods that servers of the package leave to what
// generators embed in them.
func (t *table) unimplemented() {
	scope := t.pass.Pkg.Scope()
	for _, name := range scope.Names() {
		obj, ok := scope.Lookup(name).(*types.TypeName)
		if !ok || obj.IsAlias() || testcode.Is(t.pass, obj.Pos()) || t.flow.IsGenerated(obj.Pos()) {
			continue
		}
		named, ok := obj.Type().(*types.Named)
		if !ok || types.IsInterface(named) || !stub.EmbedsServer(named) {
			continue
		}
		set := types.NewMethodSet(types.NewPointer(named))
		for sel := range set.Methods() {
			fn, ok := sel.Obj().(*types.Func)
			if !ok || !fn.Exported() || len(sel.Index()) < 2 || fn.Pkg() == nil || !t.stubs.Generates(fn.Pkg()) {
				continue
			}
			if rpc := t.stubs.Unimplemented(fn); rpc != nil {
				place := t.place(obj.Pos())
				t.codes.Handlers = append(t.codes.Handlers, report.Handler{
					FullMethod: rpc.FullMethod, Name: obj.Name() + "." + fn.Name(), Pos: obj.Pos(),
					Sources: []report.CodeSource{{Code: 12, What: "not implemented", Place: place}},
				})
			}
		}
	}
}

func (t *table) place(pos token.Pos) finding.Remote {
	return finding.RemoteAt(t.pass.Fset, t.pass.Pkg.Path(), pos, token.NoPos)
}

// sources says which codes clients get of an error.
func (t *table) sources(s *errflow.Source) []report.CodeSource {
	place := s.Place
	if call := s.Entered(); call != nil && place.Line == 0 {
		place = t.place(call.Pos()) // made by a function of which only the source is known
	}
	one := func(code int, what string) []report.CodeSource {
		return []report.CodeSource{{Code: code, What: what, Place: place}}
	}
	switch s.Kind {
	case errflow.Status:
		switch {
		case s.Code == errflow.NoCode && s.Name != "":
			return one(-1, "the code of "+s.Name)
		case s.Code == errflow.NoCode:
			return one(-1, "a status with a computed code")
		case s.Wrapped && t.stubs.Before("v1.55"):
			return one(unknown, "a status inside of another error")
		case s.Code > 16:
			return one(unknown, "a code that is none")
		}
		return one(s.Code, "status")
	case errflow.Plain:
		return one(unknown, cmp.Or(plainName(s), "an error without a code"))
	case errflow.EOF:
		return one(unknown, "io.EOF")
	case errflow.Context:
		if t.stubs.Before("v1.45") {
			return one(unknown, s.Name)
		}
		switch s.Name {
		case "context.Canceled":
			return one(canceled, s.Name)
		case "context.DeadlineExceeded":
			return one(deadlineExceeded, s.Name)
		}
		return append(one(canceled, s.Name), one(deadlineExceeded, s.Name)...)
	case errflow.RPC:
		if s.Wrapped && t.stubs.Before("v1.55") {
			return one(unknown, "the error of an RPC inside of another")
		}
		return []report.CodeSource{{Code: -1, Of: s.Name, What: "RPC", Place: place}}
	case errflow.ClientRecv, errflow.ClientSend:
		return one(-1, s.Name+" of a client's stream")
	case errflow.ServerRecv, errflow.ServerSend:
		return one(-1, s.Name+" of its own stream")
	case errflow.Param:
		return one(-1, "the parameter "+s.Name)
	}
	return one(-1, cmp.Or(s.Name, "an error that could not be followed"))
}

// plainName: of an error that lost its code, the name is that of the RPC.
func plainName(s *errflow.Source) string {
	if s.Lost {
		return "the text of an error, without its code"
	}
	return s.Name
}

// Codes that grpc-go makes of errors without one.
const (
	canceled         = 1
	unknown          = 2
	deadlineExceeded = 4
)

func sorted(sources []report.CodeSource) []report.CodeSource {
	slices.SortFunc(sources, func(a, b report.CodeSource) int {
		return cmp.Or(
			cmp.Compare(uint(a.Code), uint(b.Code)), // what is not known comes last
			strings.Compare(a.Of, b.Of),
			strings.Compare(a.Place.Package, b.Place.Package), strings.Compare(a.Place.File, b.Place.File),
			a.Place.Line-b.Place.Line, a.Place.Column-b.Place.Column, strings.Compare(a.What, b.What),
		)
	})
	return slices.Compact(sources)
}

// retries lists what the package tries again.
func (t *table) retries(info *retryshape.Info, interceptors []*connretry.Interceptor) {
	add := func(method string, codes codeflow.Codes, attempts int, by string, call *ssa.Call) {
		if method == "" || codes == 0 || testcode.Is(t.pass, call.Pos()) {
			return // an interceptor's own invoker
		}
		t.codes.Retries = append(t.codes.Retries, report.Retry{
			FullMethod: method, Codes: uint32(codes), Attempts: attempts, By: by, Pos: info.SSA.CallPos(call),
			In: program.NameOf(call.Parent()), Silencing: t.directives.Silencing(t.pass.Fset, rule.MustLookup("retry/stacked"), info.SSA.CallPos(call)),
		})
	}
	for _, s := range info.Retries() {
		by := "loop"
		if s.Run != nil {
			by = s.Run.Name
		} else if s.Loop == nil {
			by = "recursion"
		}
		add(s.RPC.FullMethod, s.Retried&codeflow.Failures, s.Attempts, by, s.Call)
	}
	for _, i := range interceptors {
		for _, r := range i.Requests {
			add(r.RPC.FullMethod, i.Codes, i.Attempts, i.Name, i.Call)
		}
	}
	slices.SortStableFunc(t.codes.Retries, func(a, b report.Retry) int {
		return cmp.Or(int(a.Pos-b.Pos), strings.Compare(a.FullMethod, b.FullMethod))
	})
}
