package cancel

import (
	"fmt"

	"github.com/grpclint/grpclint/analyzers/internal/handling"
	"github.com/grpclint/grpclint/analyzers/internal/report"
)

// streamAfterReturn reports goroutines that use the handler's stream when
// the handler may have returned.
func streamAfterReturn(pass *report.Pass) error {
	for _, s := range sites(pass, handling.StreamAfter) {
		f := found(pass, s)
		f.Message = fmt.Sprintf("%s returns while a goroutine %s on its stream: the stream ends with the handler, and nothing waits", s.Frame.Called(), s.What)
		pass.Report("cancel/stream-after-return", f)
	}
	return nil
}
