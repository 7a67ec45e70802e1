package tables

import (
	"fmt"
	"time"

	"github.com/grpclint/grpclint/internal/lint"
)

// A Budget says who gives up on a method when: clients by their service configs,
// then the proxies between.
type Budget struct{ Layers []BudgetLayer }

// A BudgetLayer is one that waits for a reply.
type BudgetLayer struct {
	Who      string        `json:"who"`
	Timeout  time.Duration `json:"timeout,omitempty"` // 0 for none, in nanoseconds
	Idle     bool          `json:"idle,omitempty"`    // between parts of the reply
	Default  bool          `json:"default,omitempty"` // nothing is set
	Attempts int           `json:"attempts"`          // the first included
	PerTry   time.Duration `json:"perTry,omitempty"`  // in nanoseconds
	Code     string        `json:"code"`              // when it gives up
	File     string        `json:"file"`
	Line     int           `json:"line"`
}

// BudgetOf finds the layers of a method, "package.Service/Method".
func BudgetOf(report *lint.Report, method string) *Budget {
	b := new(Budget)
	for _, c := range report.Configs {
		m := c.Method(method)
		if m.Entry == nil || !m.HasTimeout && m.Retry == nil {
			continue
		}
		l := BudgetLayer{Who: "the service config", Attempts: 1, Code: "DEADLINE_EXCEEDED", File: c.File, Line: c.Line + m.Entry.Line - 1}
		if m.HasTimeout && m.Timeout > 0 {
			l.Timeout = m.Timeout
		}
		if m.Retry != nil {
			l.Attempts = m.Retry.Attempts
		}
		b.Layers = append(b.Layers, l)
	}
	b.Layers = append(b.Layers, proxiesOf(report, method)...)
	return b
}

// proxiesOf finds the layers that stand in front of a method by the manifests.
func proxiesOf(report *lint.Report, method string) []BudgetLayer {
	if report.Layers == nil {
		return nil
	}
	var list []BudgetLayer
	for _, l := range report.Layers(method) {
		list = append(list, BudgetLayer{
			Who: l.Who, Timeout: l.Timeout, Idle: l.Idle, Default: l.Default, Attempts: l.Attempts, PerTry: l.PerTry, Code: l.Code, File: l.File, Line: l.Line,
		})
	}
	return list
}

// First returns the layer that gives up first on an RPC that takes too long, nil
// if none ever does. What waits between messages never gives up on a server
// that goes on sending.
func (b *Budget) First() *BudgetLayer {
	var first *BudgetLayer
	for i := range b.Layers {
		if l := &b.Layers[i]; l.Timeout > 0 && (first == nil || l.Timeout < first.Timeout) {
			first = l
		}
	}
	return first
}

// Attempts is how often all layers together send an RPC at most.
func (b *Budget) Attempts() int {
	n := 1
	for _, l := range b.Layers {
		n *= max(l.Attempts, 1)
	}
	return n
}

// Time writes how long a layer waits.
func (l *BudgetLayer) Time() string {
	if l.Timeout == 0 {
		return "-"
	}
	return l.Timeout.String()
}

// Tries writes what else there is to say of a layer.
func (l *BudgetLayer) Tries() string {
	text := ""
	if l.Attempts > 1 {
		text += fmt.Sprintf(", %d tries", l.Attempts)
		if l.PerTry > 0 {
			text += fmt.Sprintf(" of %s", l.PerTry)
		}
	}
	if l.Idle {
		text += ", between messages"
	}
	if l.Default {
		text += ", by default"
	}
	return text
}
