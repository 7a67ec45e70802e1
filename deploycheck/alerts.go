package deploycheck

import (
	"github.com/grpclint/grpclint/deploycheck/selector"
	"github.com/grpclint/grpclint/deploycheck/source"
	"github.com/grpclint/grpclint/deploycheck/yamldoc"
)

// An alert is a rule of Prometheus that wakes somebody.
type alert struct {
	file      *source.File
	name      string
	expr      *yamldoc.Node
	text      *source.Text
	selectors []selector.Selector
}

// alertsOf returns the alerts of a file of rules, or of the spec of a
// PrometheusRule. Recording rules wake nobody.
func alertsOf(file *source.File, spec *yamldoc.Node) []*alert {
	var list []*alert
	for _, group := range spec.Get("groups").Items() {
		for _, r := range group.Get("rules").Items() {
			name, expr := r.Get("alert").String(), r.Get("expr")
			value, ok := expr.Value()
			if name == "" || !ok {
				continue
			}
			a := &alert{file: file, name: name, expr: expr, text: expr.Text()}
			if a.selectors = selector.Find(value); len(a.selectors) > 0 && a.text != nil {
				list = append(list, a)
			}
		}
	}
	return list
}

// span is where a part of the expression is.
func (a *alert) span(start, end int) source.Span {
	return source.Span{Text: a.text, Start: start, End: end}
}
