package cancel

import (
	"fmt"

	"github.com/grpclint/grpclint/analyzers/internal/handling"
	"github.com/grpclint/grpclint/analyzers/internal/report"
)

// channel reports waits for a value from a channel that the end of the RPC
// does not interrupt.
func channel(pass *report.Pass) error {
	for _, s := range sites(pass, handling.Channel) {
		f := found(pass, s)
		f.Message = fmt.Sprintf("%s waits on when its client has gone%s: nothing but the channel ends the wait, not the context", s.Frame.Called(), via(s))
		if s.What != "" {
			f.Message = fmt.Sprintf("%s waits on when its client has gone%s: it waits for %s, and never looks at that of the RPC", s.Frame.Called(), via(s), s.What)
		}
		pass.Report("cancel/channel", f)
	}
	return nil
}
