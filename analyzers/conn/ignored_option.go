package conn

import (
	"fmt"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/dial"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/finding"
)

// blocking lists the options that only Dial and DialContext look at, with
// what people expect of them.
var blocking = map[string]string{
	"WithBlock":                 "it does not wait for the connection",
	"WithTimeout":               "nothing is bounded by it",
	"WithReturnConnectionError": "it does not wait for the connection",
	"FailOnNonTempDialError":    "it does not dial at all before the first RPC",
}

// ignoredOption reports options that grpc.NewClient ignores.
func ignoredOption(pass *report.Pass) error {
	info := dials(pass)
	if !info.Reaches {
		return nil
	}
	c := ignoredOptions{pass: pass, info: info}
	for _, d := range info.Dials {
		if d.Name != "NewClient" {
			continue
		}
		for i := range d.Own.List {
			c.check(&d.Own.List[i], d.Instr, d.Func)
		}
	}
	for _, p := range info.PassedOptions(true) {
		for i := range p.Options.List {
			c.check(&p.Options.List[i], p.Instr, p.Func)
		}
	}
	return nil
}

type ignoredOptions struct {
	pass     *report.Pass
	info     *dial.Info
	reported []place
}

// A place is where an option is made; in this package there is one finding
// for each, even if several connections get it.
type place struct {
	file string
	line int
	col  int
}

func (c *ignoredOptions) check(opt *dial.Option, call *ssa.Call, fn *ssa.Function) {
	effect, ignored := blocking[opt.Name]
	if !ignored {
		return
	}
	f := finding.Finding{
		Subject: opt.Name,
		Message: fmt.Sprintf("grpc.NewClient ignores grpc.%s: %s", opt.Name, effect),
	}
	expr := optionExpr(c.info, opt)
	same := sameFunction(opt, fn)
	if expr != nil && !c.dialed(opt) {
		at := place{opt.Place.File, opt.Place.Line, opt.Place.Column}
		if slices.Contains(c.reported, at) {
			return // said already, for another connection
		}
		c.reported = append(c.reported, at)
		f.Pos, f.End = expr.Pos(), expr.End()
		if !same {
			from, to := callee(c.info, call)
			f.Related = append(f.Related, finding.Related{Message: "given to grpc.NewClient here", Pos: from, End: to})
		} else if edits, ok := deleteOption(c.pass, expr); ok {
			f.Fixes = append(f.Fixes, finding.Fix{Message: "delete grpc." + opt.Name, Safe: true, Edits: edits})
		}
	} else {
		// Made elsewhere, or of use to a grpc.Dial that gets it too.
		if by := opt.By(); expr == nil && by != nil && c.info.Expr(by) != nil && !c.dialed(opt) {
			call = by
		}
		f.Pos, f.End = callee(c.info, call)
		related := finding.Related{Message: "grpc." + opt.Name + " comes from here"}
		if expr != nil {
			related.Pos, related.End = expr.Pos(), expr.End()
		} else {
			at := opt.Place
			related.Remote = &at
		}
		f.Related = append(f.Related, related)
	}
	c.pass.Report("conn/ignored-option", f)
}

// dialed reports whether an option also goes to grpc.Dial, which heeds it.
func (c *ignoredOptions) dialed(opt *dial.Option) bool {
	for _, d := range c.info.Dials {
		if d.Name == "NewClient" {
			continue
		}
		for i := range d.Options.List {
			if d.Options.List[i].By() == opt.By() {
				return true
			}
		}
	}
	return false
}
