package program

import (
	"go/constant"
	"time"

	"golang.org/x/tools/go/ssa"
)

// Duration returns the value of a constant duration, or of another number.
func Duration(v ssa.Value) (time.Duration, bool) {
	c, ok := v.(*ssa.Const)
	if !ok || c.Value == nil || c.Value.Kind() != constant.Int {
		return 0, false
	}
	n, exact := constant.Int64Val(c.Value)
	return time.Duration(n), exact
}
