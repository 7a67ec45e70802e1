package status

import (
	"fmt"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/flow"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/finding"
)

// replyAndError finds replies that no client ever sees:
//
//	return &pb.Payment{Error: "declined"}, status.Error(codes.FailedPrecondition, "declined")
func replyAndError(pass *report.Pass) error {
	eachReply(pass, func(r *reply, made *flow.Tracer[flow.Part[message]]) {
		m := made.Of(program.GivenBack(r.ret, 0))
		if m.Own.kind != filled || m.Open() || !fails(pass, r.ret) || succeedsToo(pass, r) {
			return
		}
		pass.Report("status/reply-and-error", finding.Finding{
			Pos: r.expr.Pos(), End: r.expr.End(), Subject: r.rpc.FullMethod, StandsOn: stub.Served(r.obj.Signature().Recv().Type()),
			Message: fmt.Sprintf("clients never see this %s: grpc-go sends either a reply or an error, here the error", replyName(r.obj)),
		})
	})
	return nil
}

// fails: the error that is returned is sure to be one.
func fails(pass *report.Pass, ret *ssa.Return) bool {
	return flowOf(pass).Fails(program.GivenBack(ret, 1), ret.Block())
}

// succeedsToo: another return statement of the handler returns the same reply,
// perhaps without an error: it was not made for the error.
func succeedsToo(pass *report.Pass, r *reply) bool {
	p := flowOf(pass).Program
	reply := program.GivenBack(r.ret, 0)
	sources := p.Sources(reply)
	for _, other := range program.Returned(r.fn, 0) {
		if other.Return == r.ret || fails(pass, other.Return) {
			continue
		}
		_, anew := other.Value.(*ssa.Call)
		if other.Value == reply || !anew && slices.ContainsFunc(p.Sources(other.Value), func(v ssa.Value) bool { return slices.Contains(sources, v) }) {
			return true
		}
	}
	return false
}
