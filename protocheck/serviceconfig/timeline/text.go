package timeline

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/grpclint/grpclint/finding/say"
)

// Text writes a timeline for a terminal.
func Text(w io.Writer, t Timeline) error {
	var b strings.Builder
	m := t.Config
	line := func(label, format string, args ...any) {
		fmt.Fprintf(&b, "  %-10s %s\n", label, fmt.Sprintf(format, args...))
	}
	fmt.Fprintln(&b, subject(m.Method))
	if m.Entry == nil {
		line("entry", "none: grpc-go's defaults apply")
	} else {
		line("entry", "%s, line %d", scope(m.Entry.Name), m.Entry.Line)
	}
	for _, r := range m.Replaced {
		lost := ""
		if len(r.Settings) > 0 {
			lost = ", which has " + strings.Join(r.Settings, ", ")
		}
		line("", "replaces %s, line %d%s", scope(r.Name), r.Line, lost)
	}
	switch {
	case m.HasTimeout && m.Timeout == 0:
		line("deadline", "0s: every RPC ends with DEADLINE_EXCEEDED before it is sent")
	case m.HasTimeout && m.Timeout < 0:
		line("deadline", "none but the context's: the timeout is negative")
	case m.HasTimeout:
		line("deadline", "%s for all attempts together, or the context's if that is earlier", show(m.Timeout))
	default:
		line("deadline", "none but the context's")
	}
	if m.WaitForReady {
		line("connection", "waited for (waitForReady)")
	}
	if m.MaxRequestBytes != nil {
		line("requests", "up to %d bytes", *m.MaxRequestBytes)
	}
	if m.MaxReplyBytes != nil {
		line("responses", "up to %d bytes", *m.MaxReplyBytes)
	}
	switch {
	case m.Retry != nil:
		line("retries", "upon %s", strings.Join(m.Retry.Codes, ", "))
		if int64(m.Retry.Attempts) < m.Retry.Written {
			line("", "%d attempts at most, not %d", m.Retry.Attempts, m.Retry.Written)
		}
	case m.NoRetry != "":
		line("retries", "none: %s", m.NoRetry)
	default:
		line("retries", "none")
	}
	if m.Throttle != nil {
		line("throttle", "%s in a row %s retried from a full bucket of %g tokens; a success puts back %g",
			say.Count(m.Throttle.Retries, "failure"), say.Form(m.Throttle.Retries, "is", "are"), m.Throttle.MaxTokens, m.Throttle.TokenRatio)
	}
	if len(t.Attempts) > 1 {
		attempts(&b, t)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// attempts writes a row for each attempt.
func attempts(b *strings.Builder, t Timeline) {
	fmt.Fprintf(b, "\n  %-8s %-8s %-20s\n", "attempt", "backoff", "starts, if those before fail at once")
	for _, a := range t.Attempts {
		backoff, starts := "", "0s"
		if a.Number > 1 {
			backoff = show(a.Backoff)
			starts = show(a.Earliest)
			if a.Latest != a.Earliest {
				starts += " to " + show(a.Latest)
			}
		}
		fate := ""
		if a.Fate != Made {
			fate = a.Fate.String()
		}
		fmt.Fprintln(b, strings.TrimRight(fmt.Sprintf("  %-8d %-8s %-20s %s", a.Number, backoff, starts, fate), " "))
	}
	if more := t.Config.Retry.Attempts - len(t.Attempts); more > 0 {
		fmt.Fprintf(b, "  and %d more\n", more)
	}
}

// subject names the RPCs that a timeline is for.
func subject(method string) string {
	switch {
	case method == "":
		return "All methods of services without an entry"
	case !strings.Contains(method, "/"):
		return "Methods of " + method + " without an entry of their own"
	}
	return method
}

// scope names an entry by what it is for.
func scope(name string) string {
	switch {
	case name == "":
		return "the default for all methods"
	case !strings.Contains(name, "/"):
		return "that of service " + name
	}
	return "its own"
}

// show writes a duration in seconds, to the millisecond where it is longer.
func show(d time.Duration) string {
	s := d.Seconds()
	if d > time.Millisecond || d < -time.Millisecond {
		s = d.Round(time.Millisecond).Seconds()
	}
	return strconv.FormatFloat(s, 'f', -1, 64) + "s"
}
