package conn

import (
	"fmt"
	"go/constant"
	"net/netip"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/finding"
)

// singleAddress reports round_robin over a target that is one address.
func singleAddress(pass *report.Pass) error {
	info := dials(pass)
	for _, d := range info.Dials {
		target, ok := constantString(d.Target)
		if !ok {
			continue
		}
		address := target
		for _, scheme := range []string{"passthrough:///", "dns:///"} {
			address = strings.TrimPrefix(address, scheme)
		}
		if !isAddress(address) {
			continue // a name, which may stand for many
		}
		for i := range d.Options.List {
			opt := &d.Options.List[i]
			if opt.Name != "WithDefaultServiceConfig" || opt.Call() == nil {
				continue
			}
			config, ok := constantString(opt.Call().Call.Args[0])
			if !ok || !strings.Contains(config, `"round_robin"`) {
				continue
			}
			from, to := callee(info, d.Instr)
			if expr := info.Expr(d.Instr); expr != nil {
				i := 0
				if d.Context != nil {
					i = 1
				}
				from, to = expr.Args[i].Pos(), expr.Args[i].End()
			}
			pass.Report("conn/single-address", finding.Finding{
				Pos: from, End: to, Subject: target,
				Message: fmt.Sprintf("round_robin has nothing to balance: %s is one address", target),
			})
		}
	}
	return nil
}

func constantString(v ssa.Value) (string, bool) {
	c, ok := v.(*ssa.Const)
	if !ok || c.Value == nil || c.Value.Kind() != constant.String {
		return "", false
	}
	return constant.StringVal(c.Value), true
}

// isAddress reports whether a target is an IP address, with or without a
// port.
func isAddress(target string) bool {
	if _, err := netip.ParseAddrPort(target); err == nil {
		return true
	}
	_, err := netip.ParseAddr(strings.Trim(target, "[]"))
	return err == nil
}
