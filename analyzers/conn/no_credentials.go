package conn

import (
	"fmt"
	"go/constant"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/dial"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/finding"
)

// noCredentials reports dials that always fail because they say nothing
// about transport security, or want to send credentials over none.
func noCredentials(pass *report.Pass) error {
	info := dials(pass)
	for _, d := range slices.Concat(info.Dials, info.Handed()) {
		if !d.Options.Known() {
			continue // options that are not known
		}
		from, to := callee(info, d.Instr)
		if !d.Options.Has("WithTransportCredentials", "WithCredentialsBundle", "WithInsecure") {
			pass.Report("conn/no-credentials", finding.Finding{
				Pos: from, End: to, Subject: d.Name,
				Message: fmt.Sprintf("%s always fails here: no option sets transport credentials", d.By),
			})
			continue
		}
		if d.Options.Has("WithCredentialsBundle") || !insecureForSure(d) {
			continue // may be secure
		}
		if opt := securePerRPC(pass, d); opt != nil {
			expr := optionExpr(info, opt)
			if expr != nil && sameFunction(opt, d.Func) {
				from, to = expr.Pos(), expr.End()
			}
			pass.Report("conn/no-credentials", finding.Finding{
				Pos: from, End: to, Subject: "WithPerRPCCredentials",
				Message: fmt.Sprintf("%s always fails here: these credentials require transport security and the connection has none", d.By),
			})
		}
	}
	return nil
}

// insecureForSure reports whether every option that sets transport
// credentials sets insecure ones, and one of them is always there.
func insecureForSure(d *dial.Call) bool {
	sure := false
	for i := range d.Options.List {
		opt := &d.Options.List[i]
		switch opt.Name {
		case "WithInsecure":
		case "WithTransportCredentials":
			if opt.Call() == nil || !isInsecure(opt.Call().Call.Args[0]) {
				return false
			}
		default:
			continue
		}
		sure = sure || opt.Sure
	}
	return sure
}

func isInsecure(v ssa.Value) bool {
	call, ok := v.(*ssa.Call)
	if !ok {
		return false
	}
	fn := call.Call.StaticCallee()
	return fn != nil && fn.Pkg != nil && fn.Pkg.Pkg.Path() == "google.golang.org/grpc/credentials/insecure" && fn.Name() == "NewCredentials"
}

// securePerRPC returns an option with per-RPC credentials that always
// require transport security.
func securePerRPC(pass *report.Pass, d *dial.Call) *dial.Option {
	for i := range d.Options.List {
		opt := &d.Options.List[i]
		if opt.Name != "WithPerRPCCredentials" || !opt.Sure || opt.Call() == nil {
			continue
		}
		made, ok := opt.Call().Call.Args[0].(*ssa.MakeInterface)
		if ok && requiresSecurity(pass, made.X.Type(), opt.Call().Parent().Prog) {
			return opt
		}
	}
	return nil
}

// requiresSecurity reports whether a type's RequireTransportSecurity is
// known to return true.
func requiresSecurity(pass *report.Pass, t types.Type, prog *ssa.Program) bool {
	obj, _, _ := types.LookupFieldOrMethod(t, true, pass.Pkg, "RequireTransportSecurity")
	fn, ok := obj.(*types.Func)
	if !ok || fn.Pkg() == nil {
		return false
	}
	if fn.Pkg().Path() == "google.golang.org/grpc/credentials/oauth" {
		return true // all of its types do
	}
	body := prog.FuncValue(fn)
	if body == nil || len(body.Blocks) == 0 {
		return false // another package's
	}
	for _, block := range body.Blocks {
		ret, ok := block.Instrs[len(block.Instrs)-1].(*ssa.Return)
		if !ok {
			continue
		}
		c, ok := ret.Results[0].(*ssa.Const)
		if !ok || c.Value == nil || !constant.BoolVal(c.Value) {
			return false
		}
	}
	return true
}
