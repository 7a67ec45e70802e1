// Package connretry knows the retries that a connection makes by itself: those
// of a service config, of the interceptors of go-grpc-middleware that its dial
// installs, and of the options beside a call of it; and the circuit breakers
// around its RPCs.
//
//	grpc.NewClient(addr,
//		grpc.WithDefaultServiceConfig(`{"methodConfig": [{"retryPolicy": ...`),   [Conn.Policy]
//		grpc.WithUnaryInterceptor(retry.UnaryClientInterceptor(retry.WithMax(3))))  [Conn.Unary]
//	c.Get(ctx, req, retry.WithMax(5))                                            [Info.OfCall]
//
// Which connection the clients of a service are on is known if one dial in
// sight is for it, here or in a function of another package.
package connretry

import (
	"reflect"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/configsite"
	"github.com/grpclint/grpclint/analyzers/internal/dial"
	"github.com/grpclint/grpclint/analyzers/internal/fact"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/request"
	"github.com/grpclint/grpclint/analyzers/internal/retryshape"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/analyzers/internal/testcode"
)

// Analyzer's result is an *Info.
var Analyzer = &analysis.Analyzer{
	Name:       "grpclintconnretries",
	Doc:        "find what connections try again by themselves\n\nA prerequisite of grpclint's families; it reports nothing by itself.",
	URL:        "https://pkg.go.dev/github.com/grpclint/grpclint/analyzers",
	Run:        run,
	Requires:   []*analysis.Analyzer{retryshape.Analyzer, request.Analyzer, stub.Analyzer, dial.Analyzer, configsite.Analyzer, testcode.Analyzer},
	ResultType: reflect.TypeFor[*Info](),
	FactTypes:  []analysis.Fact{new(Fact)},
}

// Info is what is known of the connections of a package.
type Info struct {
	// Conns are the dials of the package that retry by themselves, and
	// those of other packages whose connections it gets.
	Conns        []*Conn
	Interceptors []*Interceptor
	Lists        []List
	// Uploads are calls of RPCs whose client sends a stream, which a retry
	// interceptor refuses.
	Uploads []*Upload
	// Breakers count answers of servers that are well.
	Breakers []*Breaker

	services map[string]*Conn // of clients that one dial in sight is for
	program  *program.Program
}

// A Fact is what a package tells its importers about the connections and the
// breakers that it makes for them. Packages without one make none.
type Fact struct{ fact.Of[told] }

type told struct {
	Dialled  fact.Table[Dialled]
	Breakers fact.Table[MadeBreaker]
}

// conns is the analysis of one package.
type conns struct {
	*request.Index
	pass    *analysis.Pass
	stubs   *stub.Index
	imports fact.Index[told]
	known   map[*ssa.Call]*Conn // by the call that makes them
}

func run(pass *analysis.Pass) (any, error) {
	retries, info := pass.ResultOf[retryshape.Analyzer].(*retryshape.Info), new(Info)
	if retries.SSA == nil {
		return info, nil
	}
	info.program = retries.SSA
	x := &conns{
		Index: pass.ResultOf[request.Analyzer].(*request.Index), pass: pass, stubs: pass.ResultOf[stub.Analyzer].(*stub.Index),
		imports: fact.Known[told](pass), known: make(map[*ssa.Call]*Conn),
	}
	x.connections(info)
	info.Interceptors, info.Lists, info.Breakers = x.interceptors(info.Conns), x.lists(), x.breakers()
	if own := (&told{x.dialledFacts(), x.breakerFacts()}); len(own.Dialled.Rows)+len(own.Breakers.Rows) > 0 {
		pass.ExportPackageFact(&Fact{fact.New(own)})
	}
	return info, nil
}
