package retryshape

import (
	"path/filepath"

	"github.com/grpclint/grpclint/finding"
)

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
	remote := finding.Remote{Package: sh.pass.Pkg.Path()}
	from, to := sh.ssa.CallPos(innermost.call), innermost.call.Pos()
	if expr := sh.ssa.CallExpr(innermost.call); expr != nil {
		to = expr.End()
	}
	start, end := sh.pass.Fset.Position(from), sh.pass.Fset.Position(to)
	remote.File = filepath.Base(start.Filename)
	remote.Line, remote.Column = start.Line, start.Column
	remote.EndLine, remote.EndCol = end.Line, end.Column
	return remote
}
