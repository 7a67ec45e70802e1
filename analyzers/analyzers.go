// Package analyzers is the list of grpclint's Go rules for programs that run
// go/analysis analyzers: nogo, multicheckers, plug-ins and grpclint itself.
//
// Each family of rules is one analyzer, named as the family. Its diagnostics
// have the rule's id as their Category and, because many drivers print no
// category, at the end of their message.
package analyzers

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/grpclint/grpclint/analyzers/cancel"
	"github.com/grpclint/grpclint/analyzers/conn"
	"github.com/grpclint/grpclint/analyzers/deadline"
	"github.com/grpclint/grpclint/analyzers/health"
	"github.com/grpclint/grpclint/analyzers/internal/callgraph"
	"github.com/grpclint/grpclint/analyzers/internal/codes"
	"github.com/grpclint/grpclint/analyzers/internal/deployed"
	"github.com/grpclint/grpclint/analyzers/internal/funckey"
	"github.com/grpclint/grpclint/analyzers/internal/healthstate"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/serving"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/analyzers/internal/wiring"
	"github.com/grpclint/grpclint/analyzers/metadata"
	"github.com/grpclint/grpclint/analyzers/retry"
	"github.com/grpclint/grpclint/analyzers/server"
	"github.com/grpclint/grpclint/analyzers/serviceconfig"
	"github.com/grpclint/grpclint/analyzers/status"
	"github.com/grpclint/grpclint/analyzers/stream"
	"github.com/grpclint/grpclint/analyzers/suppress"
)

// all is the list. Suppress comes last: it needs to know which directives
// the others have found of use.
var all = func() []*analysis.Analyzer {
	families := []*analysis.Analyzer{
		cancel.Analyzer,
		conn.Analyzer,
		deadline.Analyzer,
		health.Analyzer,
		metadata.Analyzer,
		retry.Analyzer,
		server.Analyzer,
		serviceconfig.Analyzer,
		status.Analyzer,
		stream.Analyzer,
	}
	return append(families, suppress.New(families))
}()

// All returns the analyzers of all families, sorted by name.
func All() []*analysis.Analyzer { return slices.Clone(all) }

// Wiring returns an analyzer that the others require. Its result is a *Links,
// for which a driver that sees the whole program may put in one that says
// more.
func Wiring() *analysis.Analyzer { return wiring.Analyzer }

// Links say what calls of one package run, where other packages decide that.
type Links = wiring.Links

// A Fact is what an analyzer tells the importers of a package: summaries of its
// functions, types and variables by their keys, and other things.
type Fact interface {
	analysis.Fact
	Mentions(key string) bool
	// Differences compares the fact with another one of its type.
	Differences(other any) (keys []string, others bool)
}

// Reaching is the type of the fact that a package tells if it reaches grpc-go.
func Reaching() analysis.Fact { return new(stub.Fact) }

// Registering are the types of the facts that change when it is known of which
// type the handlers are that a package registers, or that an interface of its
// own is grpc-go's health server.
func Registering() []analysis.Fact { return []analysis.Fact{new(serving.Fact), new(healthstate.Fact)} }

// HealthPath is the import path of grpc-go's health server.
const HealthPath = healthstate.Path

// Key is the one of what is declared in a package.
func Key(obj types.Object) string {
	if fn, ok := obj.(*types.Func); ok {
		return funckey.Of(fn)
	}
	return obj.Name()
}

// Services returns analyzers that report nothing and tell what concerns both ends
// of RPCs: in Result.Program.Codes, which status codes handlers return, and in
// Result.Program.CallGraph, who calls whom. They run after those of All.
func Services() []*analysis.Analyzer {
	codes := codes.New(all)
	return []*analysis.Analyzer{codes, callgraph.New(codes)}
}

// Deployed returns an analyzer that reports nothing and tells in
// Result.Program.Deployed what manifests are judged by. It runs after those of
// All, and after others that are given.
func Deployed(before ...*analysis.Analyzer) *analysis.Analyzer {
	return deployed.New(append(All(), before...)...)
}

// A Result is the result of each of the analyzers: every finding of every
// rule of the family, whatever the analyzer's flags let through to the
// driver.
type Result = report.Result

// Program is what a Result tells about the programs that the package is
// part of.
type Program = report.Program

// A Handler and a Retry are parts of what Program.Codes tells, a Call and its
// Context of Program.CallGraph.
type (
	Handler   = report.Handler
	Retry     = report.Retry
	CallGraph = report.CallGraph
	Call      = report.Call
	Context   = report.Context

	// DeployedPackage is what Program.Deployed tells.
	DeployedPackage = report.Deployed
)
