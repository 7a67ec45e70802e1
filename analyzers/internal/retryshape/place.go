package retryshape

import "github.com/grpclint/grpclint/finding"

// place says where a request is made, for other packages.
func (sh *shapes) place(r *request) finding.Remote {
	if r.rpc.At != nil {
		return *r.rpc.At
	}
	innermost := r
	for innermost.inner != nil {
		innermost = innermost.inner
	}
	if innermost.rpc.At != nil {
		return *innermost.rpc.At
	}
	from, to := sh.Program.CallPos(innermost.call), innermost.call.Pos()
	if expr := sh.Program.CallExpr(innermost.call); expr != nil {
		to = expr.End()
	}
	return finding.RemoteAt(sh.pass.Fset, sh.pass.Pkg.Path(), from, to)
}
