package budget

import "math"

// A Memo answers questions that lead to each other, perhaps in circles, as
// those do where the values of a loop come from. Within a circle, the question
// that was asked first is answered as if the way back to it told nothing;
// then the others have its answer to build on.
type Memo[K comparable, V any] struct {
	meter *Meter
	// nothing is set where one way that tells something is enough: what is
	// found on it stays, whatever the others tell.
	nothing func(V) bool
	// final: an answer that was found within a circle holds, whatever else is
	// found there, because of the answer to the question that was asked first.
	final func(first, answer V) bool
	// circle is what the way back to an open question tells, beyond what is
	// answered when the steps are used up.
	circle, beyond V

	query *Query // of the outermost question
	known map[K]V
	open  map[K]int // questions that are being answered, by how deep they are
	// passing are answers that hold only while a question is open to which they
	// lead back: they are forgotten when it is answered. order lists them,
	// floor is the outermost such question.
	passing map[K]V
	order   []K
	floor   int
	low     int // the outermost open question that the present one leads to
}

// NewMemo makes a memo. circle is what the way back to a question tells, and
// beyond the answer of questions that cost too much.
func NewMemo[K comparable, V any](meter *Meter, circle, beyond V) *Memo[K, V] {
	return &Memo[K, V]{
		meter: meter, circle: circle, beyond: beyond,
		known: make(map[K]V), open: make(map[K]int), passing: make(map[K]V), floor: math.MaxInt, low: math.MaxInt,
	}
}

// NewAny makes a memo of questions to which any way that tells something gives
// the answer: whether there is one. nothing is what the others tell.
func NewAny[K, V comparable](meter *Meter, nothing V) *Memo[K, V] {
	m := NewMemo[K](meter, nothing, nothing)
	m.nothing = func(answer V) bool { return answer == nothing }
	return m
}

// Joins says that the answer to a question is what the answers to those that
// it leads to have in common or together, and nothing else: then the answers
// within a circle are part of that to the question that was asked first, and
// those that are the same as that are final.
func (m *Memo[K, V]) Joins(same func(first, answer V) bool) { m.final = same }

// Of returns the answer to a question, by finding it out if it is not known.
func (m *Memo[K, V]) Of(question K, find func() V) V {
	if answer, ok := m.known[question]; ok {
		return answer
	}
	if answer, ok := m.passing[question]; ok {
		m.low = min(m.low, m.floor)
		return answer
	}
	if depth, ok := m.open[question]; ok {
		m.low = min(m.low, depth)
		return m.circle
	}
	if len(m.open) == 0 {
		m.query = m.meter.Query()
	}
	if !m.query.Step() {
		return m.beyond
	}
	depth, low, first := len(m.open), m.low, len(m.order)
	m.open[question], m.low = depth, math.MaxInt
	answer := find()
	delete(m.open, question)
	if m.low < depth && (m.nothing == nil || m.nothing(answer)) {
		m.passing[question] = answer
		m.order = append(m.order, question)
		m.floor = min(m.floor, m.low)
	} else {
		m.known[question] = answer
		for _, q := range m.order[first:] {
			if m.nothing != nil && m.nothing(answer) {
				m.known[q] = answer // they are among its ways
			} else if m.final != nil && m.final(answer, m.passing[q]) {
				m.known[q] = m.passing[q]
			}
			delete(m.passing, q)
		}
		m.order = m.order[:first]
		if first == 0 {
			m.floor = math.MaxInt
		}
		m.low = math.MaxInt // nothing further out
	}
	m.low = min(m.low, low)
	return answer
}
