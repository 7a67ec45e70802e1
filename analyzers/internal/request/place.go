package request

import "github.com/grpclint/grpclint/finding"

// place says where a request is made, for other packages.
func (x *Index) place(r *Request) finding.Remote {
	if r.RPC.At != nil {
		return *r.RPC.At
	}
	innermost := r
	for innermost.Inner != nil {
		innermost = innermost.Inner
	}
	if innermost.RPC.At != nil {
		return *innermost.RPC.At
	}
	from, to := x.Program.CallPos(innermost.Call), innermost.Call.Pos()
	if expr := x.Program.CallExpr(innermost.Call); expr != nil {
		to = expr.End()
	}
	return finding.RemoteAt(x.pass.Fset, x.pass.Pkg.Path(), from, to)
}
