package retry

import (
	"fmt"

	"github.com/grpclint/grpclint/analyzers/internal/codeflow"
	"github.com/grpclint/grpclint/analyzers/internal/report"
)

// noBackoff reports attempts that follow each other at once.
func noBackoff(pass *report.Pass) error {
	const few = 2 // one more attempt at once is a common and harmless habit
	all := grouped{pass: pass, rule: "retry/no-backoff", load: true}
	for _, s := range retries(pass) {
		switch {
		case s.Retried&codeflow.Unavailable == 0: // the server has answered; it is not down
			continue
		case s.Waited&codeflow.Unavailable != 0: // or something is called that may wait
			continue
		case s.Attempts > 0 && s.Attempts <= few:
			continue
		case s.WaitForReady: // the call itself waits for the server
			continue
		case pass.InTest(s.Call.Pos()):
			continue
		}
		times := "for as long as it lasts"
		if s.Attempts > 0 {
			times = fmt.Sprintf("%d times in a row", s.Attempts)
		} else if s.Ends&codeflow.Unavailable != 0 {
			times = "in a row"
		}
		all.add(s, 0, func(who subject) string {
			return fmt.Sprintf("a server that is down gets %s %s: nothing waits between the attempts", who, times)
		})
	}
	all.report()
	return nil
}
