package ctxflow

import (
	"go/types"
	"strings"
)

// A Transfer says what a function of a foreign package does to a context:
// what its context result is made of.
type Transfer int

const (
	UnknownTransfer Transfer = iota
	MakesRoot                // context.Background()
	PassesOn                 // derives from its (only) context argument
	AddsDeadline
)

// TransferOf judges functions outside of the analysed packages. The list
// holds what real programs put between a root and an RPC; everything else
// is unknown and so silences what flows through it.
func TransferOf(fn *types.Func) Transfer {
	if fn.Pkg() == nil {
		return UnknownTransfer
	}
	return transferIn(fn.Pkg().Path(), fn.Name())
}

// transferNamed judges a function by its full name.
func transferNamed(full string) Transfer {
	name := full[strings.LastIndexByte(full, '.')+1:]
	owner := strings.TrimSuffix(full, "."+name)
	if method, ok := strings.CutPrefix(owner, "("); ok {
		owner = strings.TrimPrefix(strings.TrimSuffix(method, ")"), "*")
		owner = owner[:max(0, strings.LastIndexByte(owner, '.'))]
	}
	return transferIn(owner, name)
}

// shortName removes the path from a function's full name.
func shortName(full string) string { return full[strings.LastIndexByte(full, '/')+1:] }

func transferIn(path, name string) Transfer {
	switch path {
	case "context", "golang.org/x/net/context":
		switch name {
		case "Background", "TODO":
			return MakesRoot
		case "WithTimeout", "WithDeadline", "WithTimeoutCause", "WithDeadlineCause":
			return AddsDeadline
		case "WithCancel", "WithCancelCause", "WithValue":
			return PassesOn
		}
		return UnknownTransfer // WithoutCancel above all: detaching is its purpose
	case "github.com/spf13/cobra":
		if name == "Context" {
			return MakesRoot // Background unless the program set another
		}
		return UnknownTransfer
	}
	if names, ok := passing[strings.TrimSuffix(versionless(path), "/")]; ok && names[name] {
		return PassesOn
	}
	return UnknownTransfer
}

// versionless removes a major version from the end of an import path.
func versionless(path string) string {
	i := strings.LastIndexByte(path, '/')
	if i < 0 || len(path) < i+3 || path[i+1] != 'v' {
		return path
	}
	for _, c := range path[i+2:] {
		if c < '0' || '9' < c {
			return path
		}
	}
	return path[:i]
}

func set(names ...string) map[string]bool {
	m := make(map[string]bool, len(names))
	for _, name := range names {
		m[name] = true
	}
	return m
}

// passing lists functions and methods that return their context argument
// with values, a span or cancellation added, and no deadline.
var passing = map[string]map[string]bool{
	"os/signal":                              set("NotifyContext"),
	"runtime/trace":                          set("NewTask"),
	"runtime/pprof":                          set("WithLabels"),
	"golang.org/x/sync/errgroup":             set("WithContext"),
	"google.golang.org/grpc":                 set("NewContextWithServerTransportStream"),
	"google.golang.org/grpc/metadata":        set("NewOutgoingContext", "AppendToOutgoingContext", "NewIncomingContext"),
	"google.golang.org/grpc/peer":            set("NewContext"),
	"go.opentelemetry.io/otel/trace":         set("Start", "ContextWithSpan", "ContextWithSpanContext", "ContextWithRemoteSpanContext"),
	"go.opentelemetry.io/otel/baggage":       set("ContextWithBaggage", "ContextWithoutBaggage"),
	"go.opentelemetry.io/otel/propagation":   set("Extract"),
	"go.opencensus.io/trace":                 set("StartSpan", "NewContext", "StartSpanWithRemoteParent"),
	"go.opencensus.io/tag":                   set("New", "NewContext"),
	"github.com/opentracing/opentracing-go":  set("ContextWithSpan", "StartSpanFromContext", "StartSpanFromContextWithTracer"),
	"github.com/go-logr/logr":                set("NewContext", "NewContextWithSlogLogger"),
	"k8s.io/klog":                            set("NewContext"),
	"github.com/rs/zerolog":                  set("WithContext"),
	"github.com/sirupsen/logrus/ctxlogrus":   set("ToContext"),
	"sigs.k8s.io/controller-runtime/pkg/log": set("IntoContext"),
	"github.com/urfave/cli":                  set(),
}

// EndsWithParent reports whether a function outside of the analysed packages
// returns a context that ends when its context argument does and for no other
// reason: with values or a span added.
func EndsWithParent(fn *types.Func) bool {
	if fn.Pkg() == nil || TransferOf(fn) != PassesOn {
		return false
	}
	switch path := fn.Pkg().Path(); {
	case isContextPackage(fn.Pkg()):
		return fn.Name() == "WithValue"
	default:
		return path != "os/signal" && path != "golang.org/x/sync/errgroup"
	}
}
