package server

import (
	"fmt"
	"slices"

	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/serving"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/finding/say"
)

// unaryOnlyAuth reports servers that ask who calls in a unary interceptor,
// and have services with streams.
func unaryOnlyAuth(pass *report.Pass) error {
	for _, s := range servers(pass).Servers() {
		if !s.Options.Known() || looksAtStreams(pass, &s.Options) {
			continue
		}
		check := checking(&s.Options)
		if check == nil || s.Elsewhere && check.By() == s.New {
			continue // nothing to edit here
		}
		expr := servers(pass).SSA().CallExpr(check.By())
		if expr == nil {
			continue
		}
		for _, d := range s.Does(serving.Register) {
			method := servers(pass).OpenStream(&d)
			if method == "" {
				continue
			}
			pass.Report("server/unary-only-auth", finding.Finding{
				Pos: expr.Fun.Pos(), End: expr.Fun.End(), Subject: say.Last(d.Service) + "." + method,
				Message: fmt.Sprintf("whoever connects can call %s: callers are checked in a unary interceptor, and it is a stream", method),
				Related: []finding.Related{related(pass, "registered here", &d)},
			})
			break
		}
	}
	return nil
}

// looksAtStreams: something looks at streams as well, or may.
func looksAtStreams(pass *report.Pass, options *serving.Options) bool {
	return slices.ContainsFunc(options.List, func(opt serving.Option) bool {
		switch opt.Name {
		case "StreamInterceptor", "ChainStreamInterceptor":
			return opt.Detail.Checks || !servers(pass).LetsThrough(&opt)
		case "InTapHandle":
			return true
		}
		return false
	})
}

func checking(options *serving.Options) *serving.Option {
	for i := range options.List {
		switch opt := &options.List[i]; opt.Name {
		case "UnaryInterceptor", "ChainUnaryInterceptor":
			if opt.Detail.Checks {
				return opt
			}
		}
	}
	return nil
}
