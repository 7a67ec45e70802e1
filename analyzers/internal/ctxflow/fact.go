package ctxflow

import (
	"strings"

	"github.com/grpclint/grpclint/analyzers/internal/fact"
	"github.com/grpclint/grpclint/finding"
)

// A Fact is what a package tells its importers about contexts. All slices are
// sorted, so that the encoded fact is the same in every run.
type Fact struct{ fact.Of[told] }

type told struct {
	// Apart: the package does not reach grpc-go. Of its functions it tells
	// only where the contexts come from that they return.
	Apart bool
	Funcs fact.Table[FuncSummary] // of variables that hold interceptors, too
	// Calls are interface methods that the package, or one that it
	// imports, calls with a context that has no deadline.
	Calls []InterfaceCall

	// ConnDeadline names the services ("package.Service") whose RPCs a
	// dial option made by this package, or by one that it imports, gives
	// a deadline, or may; AnyService stands for those it is not known of.
	ConnDeadline []string
}

// AnyService among services stands for every service.
const AnyService = "*"

// A FuncSummary says what a function, a method or an interface's method
// does with contexts. Parameters are counted without the receiver.
type FuncSummary struct {
	Reaches []Reach
	Results []Result
	// Interceptor: it is, or returns, a unary client interceptor.
	Interceptor InterceptorKind
}

// A Reach says: the context in this parameter arrives at an RPC.
type Reach struct {
	Param   int
	RPC     RPC
	Chain   []string // functions between, the summarised one first
	Bounded bool     // a deadline is added on the way
	Ignored RuleSet  // rules that a directive on the way silences
	// Direct: the RPC has ended when the function returns.
	Direct bool
}

// An RPC is one call of one.
type RPC struct {
	FullMethod string // "/package.Service/Method"
	Stream     bool
	// WaitForReady: the call has the option grpc.WaitForReady(true).
	WaitForReady bool
	At           finding.Remote
}

// Service returns "package.Service".
func (r *RPC) Service() string {
	service, _, _ := strings.Cut(strings.TrimPrefix(r.FullMethod, "/"), "/")
	return service
}

// Name returns "Service.Method" as people say it, without the package.
func (r *RPC) Name() string {
	service, method, ok := strings.Cut(strings.TrimPrefix(r.FullMethod, "/"), "/")
	if !ok {
		return strings.TrimPrefix(r.FullMethod, "/")
	}
	return service[strings.LastIndexByte(service, '.')+1:] + "." + method
}

// A Result says where a context that a function returns comes from.
type Result struct {
	Index   int
	Param   int  // index of the parameter, or -1: made by the function
	Bounded bool // it has a deadline
	Root    finding.Remote
	RootIs  string // "context.Background()"; "" if Param >= 0
	Command bool   // see Path.Command
	Stored  bool   // see Root.Stored
}

// An InterfaceCall says: a method of an interface is called with a context
// that has no deadline.
type InterfaceCall struct {
	Package, Interface, Method string
	Arg                        int // index of the context among the arguments
	Bounded                    bool
	Root                       finding.Remote
	RootIs                     string
	In                         string // function that holds the root
	Command                    bool   // see Path.Command
	Ignored                    RuleSet
}

// An InterceptorKind says what a unary client interceptor does to deadlines.
type InterceptorKind int

// Interceptor kinds. NoInterceptor: not an interceptor, nor one that
// returns an interceptor.
const (
	NoInterceptor InterceptorKind = iota
	PlainInterceptor
	DeadlineInterceptor // sets a deadline, or may
)

// A RuleSet is a set of the rules that judge paths from roots to RPCs.
type RuleSet uint8

// The rules of a RuleSet.
const (
	Missing RuleSet = 1 << iota
	Detached
	WaitForReady
	allRules = Missing | Detached | WaitForReady
)
