package cancel

import (
	"fmt"

	"github.com/grpclint/grpclint/analyzers/internal/handling"
	"github.com/grpclint/grpclint/analyzers/internal/report"
)

// loop reports loops that look again and again for something, and never at
// whether the RPC has ended.
func loop(pass *report.Pass) error {
	for _, s := range sites(pass, handling.Loop) {
		f := found(pass, s)
		f.Message = fmt.Sprintf("%s polls on when its client has gone%s: the loop around this pause never looks at the context", s.Frame.Called(), via(s))
		if s.What != "" {
			f.Message = fmt.Sprintf("%s waits on when its client has gone%s: the loop around %s never looks at the context", s.Frame.Called(), via(s), s.What)
		}
		pass.Report("cancel/loop", f)
	}
	return nil
}
