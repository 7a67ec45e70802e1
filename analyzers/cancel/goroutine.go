package cancel

import (
	"fmt"

	"github.com/grpclint/grpclint/analyzers/internal/handling"
	"github.com/grpclint/grpclint/analyzers/internal/report"
)

// goroutine reports work with the RPC's context in a goroutine that the
// handler does not wait for.
func goroutine(pass *report.Pass) error {
	for _, s := range sites(pass, handling.Goroutine) {
		f := found(pass, s)
		f.Message = fmt.Sprintf("%s is cut off when %s returns%s: the goroutine uses the context of the RPC, and nobody waits for it", s.What, s.Frame.Called(), via(s))
		pass.Report("cancel/goroutine", f)
	}
	return nil
}
