// Package budget bounds what questions about a program may cost, so that no
// code takes for ever, however it is written.
//
// Each question gets a [Query] and takes a step for each value, block or call
// that it looks at. When no steps are left the answer is that nothing is
// known, hence silence. A [Memo] remembers answers, so that a question which
// leads to others is not asked again for each of the ways that lead there.
package budget

import "sync/atomic"

// Steps is how many steps one question may take. Code that people write needs
// some hundred.
const Steps = 20_000

// A Meter adds up the steps of all questions about a package.
type Meter struct{ steps atomic.Int64 }

// Steps returns how many steps have been taken so far.
func (m *Meter) Steps() int64 { return m.steps.Load() }

// Query begins a question.
func (m *Meter) Query() *Query { return &Query{meter: m, left: Steps} }

// A Query is what one question may still cost.
type Query struct {
	meter *Meter
	left  int
}

// Step takes a step; false if none is left.
func (q *Query) Step() bool {
	if q.left == 0 {
		return false
	}
	q.left--
	q.meter.steps.Add(1)
	return true
}
