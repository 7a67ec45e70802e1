package conn

import (
	"fmt"
	"go/constant"
	"slices"
	"time"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/dial"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/syntax"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/finding/claim"
	"github.com/grpclint/grpclint/finding/say"
	"github.com/grpclint/grpclint/rule"
)

// What grpc-go does: a client never pings more often than shortestPing, a
// server allows one ping per defaultMinTime unless its policy says otherwise.
const (
	shortestPing   = 10 * time.Second
	defaultMinTime = 5 * time.Minute
	// advised is how often gRPC's guide advises to ping at most; between
	// this and defaultMinTime the finding is only information.
	advised = time.Minute
)

// keepalive reports clients that ping more often than servers allow.
func keepalive(pass *report.Pass) error {
	info := dials(pass)
	for _, p := range info.Policies {
		pass.Program.Claims = append(pass.Program.Claims, p.Allowed()...)
	}
	if !info.Reaches || !info.Complete {
		return nil // a server that allows the pings may be in an import
	}
	x := info.Program()
	if x == nil {
		return nil
	}
	for instr := range x.Instructions {
		call, ok := instr.(*ssa.Call)
		if !ok || pass.InTest(call.Pos()) {
			continue // a test's server may allow anything
		}
		fn := program.CalledObject(&call.Call)
		if fn == nil || fn.Name() != "WithKeepaliveParams" || !dial.IsGRPC(fn) || len(call.Call.Args) != 1 {
			continue
		}
		if fields, ok := x.Fields(call.Call.Args[0]); ok {
			pings(pass, x, fields, true)
			continue
		}
		defaults := x.PossibleFields(call.Call.Args[0])
		if slices.ContainsFunc(defaults, func(fields map[string]program.FieldValue) bool {
			every, ok := program.Duration(fields["Time"].Value)
			return ok && every >= defaultMinTime
		}) {
			continue // one of several, and who chooses may know why
		}
		for _, fields := range defaults {
			pings(pass, x, fields, false)
		}
	}
	return nil
}

// pings judges the fields of keepalive.ClientParameters, which are all that
// they can be, or what they are unless somebody gives others.
func pings(pass *report.Pass, x *program.Program, fields map[string]program.FieldValue, only bool) {
	value := fields["Time"].Value
	if value == nil {
		return
	}
	every, ok := program.Duration(value)
	if sources := x.Sources(value); !ok && len(sources) == 1 {
		every, ok = program.Duration(sources[0])
	}
	filledIn := !ok
	if filledIn {
		every, only = standard(x, value), false
	}
	if every <= 0 || every >= defaultMinTime {
		return // no pings, or seldom enough for every server, or configured at run time
	}
	permit := false
	if field, set := fields["PermitWithoutStream"]; set {
		c, ok := field.Value.(*ssa.Const)
		permit = ok && c.Value != nil && constant.BoolVal(c.Value)
	}
	at := syntax.Of(pass.Pass).Value(fields["Time"].Pos)
	if at == nil {
		return
	}
	sent := dial.Pings{Every: max(every, shortestPing), WithoutStream: permit}
	forbidden := sent.Forbidden()
	if own := (claim.World{Anyone: claim.NewSet(pass.Program.Claims...)}); own.Refutes(&forbidden) {
		return // a server of the same program allows it
	}
	pings := fmt.Sprintf("it pings every %s, they allow one per 5m by default", say.Duration(sent.Every))
	if !only {
		pings = fmt.Sprintf("unless told otherwise it pings every %s, they allow one per 5m", say.Duration(sent.Every))
	}
	f := finding.Finding{
		Pos: at.Pos(), End: at.End(), Subject: "Time",
		StandsOn: []claim.Condition{forbidden},
		Message:  "servers may close the connection with too_many_pings: " + pings,
	}
	if every >= advised || filledIn {
		f.Severity = rule.Info // who can set it may know the server
	}
	pass.Report("conn/keepalive", f)
}

// standard is the duration that one is if nobody gives another, the one constant
// that a value may be; 0 if there is none, or if there are several.
func standard(x *program.Program, v ssa.Value) time.Duration {
	possible := x.Possible(v)
	if load, ok := v.(*ssa.UnOp); ok {
		if addr, ok := load.X.(*ssa.FieldAddr); ok {
			// if c.Time == 0 { c.Time = 10 * time.Second }
			possible = append(possible, x.StoredInField(program.FieldOf(addr.X.Type(), addr.Field)).Values...)
		}
	}
	var only time.Duration
	for _, v := range possible {
		switch d, ok := program.Duration(v); {
		case !ok || d == 0:
		case only != 0 && only != d:
			return 0
		default:
			only = d
		}
	}
	return only
}
