package conn

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/token"
	"strings"

	"github.com/grpclint/grpclint/analyzers/internal/dial"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/text"
	"github.com/grpclint/grpclint/finding"
)

// passthroughBalancer reports a balancer that has one address to balance
// among, because the target is handed to the dialer as it is: it begins with
// passthrough:, or it has no scheme and goes to grpc.Dial, whose default
// scheme that is.
func passthroughBalancer(pass *report.Pass) error {
	info := dials(pass)
	var evaluator *text.Evaluator
	for _, d := range info.Dials {
		target, ok := constantString(d.Target)
		if !ok {
			continue // not known here
		}
		if !strings.HasPrefix(target, "passthrough:") && (d.Name == "NewClient" || hasScheme(target) || info.DefaultScheme) {
			continue // resolved, by DNS if by nothing else
		}
		if isAddress(strings.TrimLeft(strings.TrimPrefix(target, "passthrough:"), "/")) {
			continue // one address however it is resolved: conn/single-address
		}
		if evaluator == nil {
			evaluator = text.New(pass.Pass, info.Program(), nil)
		}
		balancer := balancerOf(evaluator, &d.Options)
		if balancer == "" {
			continue // pick_first needs no more than one address
		}
		expr := targetExpr(info, d)
		if expr == nil {
			continue // a wrapper that is not in the source
		}
		pass.Report("conn/passthrough-balancer", finding.Finding{
			Pos: expr.Pos(), End: expr.End(), Subject: target,
			Message: fmt.Sprintf("every RPC goes to one backend: %s has one address to choose from, grpc.%s does not resolve %q", balancer, d.Name, target),
			Fixes:   resolveByDNS(expr, target),
		})
	}
	return nil
}

// hasScheme: what grpc-go takes for a target with a scheme, as far as the
// resolvers that it ships go.
func hasScheme(target string) bool {
	if strings.Contains(target, "://") {
		return true
	}
	for _, scheme := range []string{"dns:", "unix:", "unix-abstract:", "xds:", "passthrough:"} {
		if strings.HasPrefix(target, scheme) {
			return true
		}
	}
	return false
}

func targetExpr(info *dial.Info, d *dial.Call) ast.Expr {
	call := info.Expr(d.Instr)
	if call == nil {
		return nil
	}
	i := 0
	if d.Context != nil {
		i = 1 // DialContext(ctx, target, ...)
	}
	if i >= len(call.Args) {
		return nil
	}
	return call.Args[i]
}

// balancerOf returns the policy that the options' service config asks for,
// or "" if it is pick_first or not known.
func balancerOf(evaluator *text.Evaluator, options *dial.Options) string {
	for i := range options.List {
		option := &options.List[i]
		if option.Name != "WithDefaultServiceConfig" || option.Call() == nil {
			continue
		}
		texts, _ := evaluator.Of(option.Call().Call.Args[0], option.Call())
		for _, t := range texts {
			if name := configuredBalancer(t.Bytes); name != "" {
				return name
			}
		}
	}
	return ""
}

// configuredBalancer reads the first policy of loadBalancingConfig, else
// loadBalancingPolicy, of a service config.
func configuredBalancer(config []byte) string {
	var c struct {
		LoadBalancingConfig []map[string]json.RawMessage
		LoadBalancingPolicy string
	}
	if json.Unmarshal(config, &c) != nil {
		return "" // refused: another rule's concern
	}
	name := c.LoadBalancingPolicy
	if len(c.LoadBalancingConfig) > 0 {
		for policy := range c.LoadBalancingConfig[0] {
			name = policy
		}
	}
	if name == "pick_first" {
		return ""
	}
	return name
}

// resolveByDNS puts dns:/// in front of a literal target.
func resolveByDNS(expr ast.Expr, target string) []finding.Fix {
	lit, ok := ast.Unparen(expr).(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return nil // a constant that other dials may use
	}
	from := lit.Pos() + 1
	to := from
	for _, prefix := range []string{"passthrough:///", "passthrough:"} {
		if strings.HasPrefix(target, prefix) && strings.HasPrefix(lit.Value[1:], prefix) {
			to = from + token.Pos(len(prefix))
			break
		}
	}
	if strings.HasPrefix(target, "passthrough:") && to == from {
		return nil // written with escapes
	}
	return []finding.Fix{{
		Message: "Resolve the target by DNS",
		Safe:    true,
		Edits:   []finding.Edit{{Pos: from, End: to, NewText: "dns:///"}},
	}}
}
