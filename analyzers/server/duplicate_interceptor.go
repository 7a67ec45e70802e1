package server

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/edit"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/serving"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/rule"
)

// duplicateInterceptor reports options that a server or a connection can have
// once and gets twice.
func duplicateInterceptor(pass *report.Pass) error {
	info := servers(pass)
	seen := make(map[token.Pos]bool)
	for _, server := range info.Servers() {
		if server.Elsewhere {
			continue // nothing to edit here
		}
		twice(pass, server.New, &server.Options, ofServers, seen)
	}
	for _, dial := range info.Connections() {
		options := info.OptionsOf(dial)
		twice(pass, dial, &options, ofConnections, seen)
	}
	if !slices.ContainsFunc(slices.Concat(ofServers, ofConnections), func(name string) bool { return info.Uses[name] }) {
		return nil
	}
	for _, options := range info.Lists() { // whoever takes a list takes all that is in it
		twice(pass, nil, &options, ofServers, seen)
		twice(pass, nil, &options, ofConnections, seen)
	}
	return nil
}

// Options that there can be one of.
var (
	ofServers     = []string{"UnaryInterceptor", "StreamInterceptor", "InTapHandle"}
	ofConnections = []string{"WithUnaryInterceptor", "WithStreamInterceptor"}
)

func twice(pass *report.Pass, made *ssa.Call, options *serving.Options, names []string, seen map[token.Pos]bool) {
	for _, name := range names {
		first, second := pair(options, name)
		if second == nil {
			continue
		}
		at := made
		if second.Call() != nil {
			at = second.Call()
		}
		if at == nil {
			continue
		}
		expr := servers(pass).SSA().CallExpr(at)
		if expr == nil || seen[expr.Pos()] {
			continue
		}
		seen[expr.Pos()] = true
		f := finding.Finding{Subject: name}
		f.Pos, f.End = expr.Fun.Pos(), expr.Fun.End()
		kind := map[string]string{"UnaryInterceptor": "unary interceptor", "StreamInterceptor": "stream interceptor", "InTapHandle": "tap handle"}[strings.TrimPrefix(name, "With")]
		if strings.HasPrefix(name, "With") {
			f.Severity = rule.Warning
			f.Message = fmt.Sprintf("the first %s never runs: a second grpc.%s replaces it", kind, name)
		} else {
			f.Message = fmt.Sprintf("grpc.NewServer panics: it gets a second %s", kind)
		}
		f.Related = []finding.Related{{Message: "the first one", Remote: &first.Place}}
		if call := first.Call(); call != nil {
			if first := servers(pass).SSA().CallExpr(call); first != nil {
				f.Related[0] = finding.Related{Message: "the first one", Pos: first.Fun.Pos(), End: first.Fun.End()}
				f.Fixes = chained(pass, first, servers(pass).SSA().CallExpr(at), name)
			}
		}
		pass.Report("server/duplicate-interceptor", f)
	}
}

// pair returns two options of a name that are given one after the other: at
// least one of them always, so that they are not two ways of one.
func pair(options *serving.Options, name string) (first, second *serving.Option) {
	var list []*serving.Option
	for i := range options.List {
		if opt := &options.List[i]; opt.Name == name {
			list = append(list, opt)
		}
	}
	for i, second := range list {
		for _, first := range list[:i] {
			again := first.Place == second.Place // in a loop, or by a branch
			if first.Sure && second.Sure || !again && (first.Sure || second.Sure) {
				return first, second
			}
		}
	}
	return nil, nil
}

// chained makes each of the two a chain, which there may be several of. They
// run in the order of the options.
func chained(pass *report.Pass, first, second *ast.CallExpr, name string) []finding.Fix {
	names := map[string]string{
		"UnaryInterceptor": "ChainUnaryInterceptor", "StreamInterceptor": "ChainStreamInterceptor",
		"WithUnaryInterceptor": "WithChainUnaryInterceptor", "WithStreamInterceptor": "WithChainStreamInterceptor",
	}
	to, ok := names[name]
	if !ok || second == nil || first == second {
		return nil
	}
	fix := finding.Fix{Message: "chain the two interceptors", Safe: !strings.HasPrefix(name, "With")}
	for _, call := range []*ast.CallExpr{first, second} {
		sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
		if !ok || sel.Sel.Name != name {
			return nil // dot-imported
		}
		if pkg, ok := pass.TypesInfo.Uses[sel.Sel].(*types.Func); !ok || pkg.Pkg().Scope().Lookup(to) == nil || pkg.Pkg().Path() != stub.GRPCPath {
			return nil // an old grpc-go
		}
		fix.Edits = append(fix.Edits, edit.Replace(sel.Sel, to))
	}
	return []finding.Fix{fix}
}
