package conn

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/dial"
	"github.com/grpclint/grpclint/analyzers/internal/edit"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/finding"
)

// fakeTarget reports grpc.NewClient with a made-up name and a dialer that
// does not look at it: the name goes to DNS before the dialer is asked.
func fakeTarget(pass *report.Pass) error {
	info := dials(pass)
	if info.DefaultScheme || !info.Complete {
		return nil // resolver.SetDefaultScheme: names may go elsewhere
	}
	for _, d := range info.Dials {
		if d.Name != "NewClient" {
			continue // Dial passes the name on as it is
		}
		c, ok := d.Target.(*ssa.Const)
		if !ok || c.Value == nil || c.Value.Kind() != constant.String {
			continue // not constant
		}
		target := constant.StringVal(c.Value)
		if strings.ContainsAny(target, ".:") || target == "localhost" {
			continue // an address or a name that can be resolved
		}
		if !dialsBlindly(info, d) {
			continue
		}
		expr := info.Expr(d.Instr)
		if expr == nil || len(expr.Args) == 0 {
			continue // no syntax to point at
		}
		arg := expr.Args[0]
		f := finding.Finding{
			Pos: arg.Pos(), End: arg.End(), Subject: target,
			Message: fmt.Sprintf("every RPC fails: grpc.NewClient looks up %q by DNS and does not get to the dialer", target),
		}
		f.Fixes = append(f.Fixes, finding.Fix{Message: "skip name resolution", Safe: true, Edits: []finding.Edit{passthrough(arg)}})
		pass.Report("conn/fake-target", f)
	}
	return nil
}

// dialsBlindly reports whether the dial has a dialer, always, and every
// dialer that it may have ignores the address.
func dialsBlindly(info *dial.Info, d *dial.Call) bool {
	found := false
	for i := range d.Options.List {
		opt := &d.Options.List[i]
		address := 0
		switch opt.Name {
		case "WithContextDialer":
			address = 1
		case "WithDialer":
		default:
			continue
		}
		if opt.Call() == nil {
			return false
		}
		dialers := info.Dialer(opt.Call().Call.Args[0])
		if len(dialers) == 0 {
			return false
		}
		for _, fn := range dialers {
			n := len(fn.Params) - fn.Signature.Params().Len() // a receiver comes first
			if len(*fn.Params[n+address].Referrers()) > 0 {
				return false // it dials the name, through a proxy perhaps
			}
		}
		found = found || opt.Sure
	}
	return found
}

func passthrough(arg ast.Expr) finding.Edit {
	const prefix = "passthrough:///"
	if lit, ok := ast.Unparen(arg).(*ast.BasicLit); ok && lit.Kind == token.STRING {
		return edit.Insert(lit.Pos()+1, prefix)
	}
	return edit.Insert(arg.Pos(), `"`+prefix+`" + `)
}
