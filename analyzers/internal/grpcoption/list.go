package grpcoption

import (
	"slices"

	"golang.org/x/tools/go/ssa"
)

// A list is what a value stands for while it is followed. Lists are never
// changed, and share what they begin with: what a thousand branches append,
// one after the other, is a thousand links. A nil list is what a loop has
// built up before.
type list[D any] struct {
	last     *link[D]
	complete bool // there is nothing else in it
	// again: it goes on from what a loop has built up before.
	again bool
}

// A link is an option of a list, or a parameter that stands for what callers
// pass.
type link[D any] struct {
	before *link[D]
	length int // with those before
	option Option[D]
	param  *ssa.Parameter
}

// A name tells links apart.
type name struct {
	call  *ssa.Call
	param *ssa.Parameter
	identity
}

func (l *link[D]) name() name {
	if l.option.call != nil || l.param != nil {
		return name{call: l.option.call, param: l.param}
	}
	return name{identity: l.option.identity()}
}

// with returns the links and one more behind them.
func (l *link[D]) with(more *link[D], sure bool) *link[D] {
	next := &link[D]{before: l, length: l.size() + 1, option: more.option, param: more.param}
	next.option.Sure = more.option.Sure && sure
	return next
}

func (l *link[D]) size() int {
	if l == nil {
		return 0
	}
	return l.length
}

// since returns the links behind another one, in order.
func (l *link[D]) since(first *link[D]) []*link[D] {
	links := make([]*link[D], 0, l.size()-first.size())
	for ; l != first; l = l.before {
		links = append(links, l)
	}
	slices.Reverse(links)
	return links
}

// common returns where two lists part.
func common[D any](a, b *link[D]) *link[D] {
	for a != b {
		if a.size() >= b.size() {
			a = a.before
		} else {
			b = b.before
		}
	}
	return a
}

func unknown[D any]() *list[D] { return new(list[D]) }

func none[D any]() *list[D] { return &list[D]{complete: true} }

// one is a single option, or a parameter.
func one[D any](l link[D]) *list[D] {
	return &list[D]{last: (*link[D])(nil).with(&l, true), complete: true}
}

// and returns a list with those of another one behind it.
func (a *list[D]) and(b *list[D]) *list[D] {
	switch {
	case a == nil && b == nil:
		return nil
	case b == nil:
		return &list[D]{a.last, a.complete, true}
	case a == nil:
		return &list[D]{b.last, b.complete, true}
	}
	both := &list[D]{a.last, a.complete && b.complete, a.again || b.again}
	if a.last == nil {
		both.last = b.last
		return both
	}
	for _, l := range b.last.since(nil) {
		both.last = both.last.with(l, true)
	}
	return both
}

// or is one list or another: only what is sure in both of them stays sure.
func (a *list[D]) or(b *list[D]) *list[D] {
	switch {
	case a == nil || a == b:
		return b
	case b == nil:
		return a
	}
	if a.again != b.again {
		if a.again {
			a, b = b, a
		}
		// What a loop adds, it may add or not.
		whole := list[D]{a.last, a.complete && b.complete, false}
		return whole.adding(b.last.since(nil))
	}
	base := common(a.last, b.last)
	left, right := a.last.since(base), b.last.since(base)
	sure := make(map[name]bool, len(right))
	for _, l := range right {
		sure[l.name()] = sure[l.name()] || l.option.Sure
	}
	merged := &list[D]{base, a.complete && b.complete, a.again}
	known := make(map[name]bool, len(left))
	for _, l := range left {
		known[l.name()] = true
		merged.last = merged.last.with(l, sure[l.name()])
	}
	for _, l := range right {
		if !known[l.name()] {
			known[l.name()] = true
			merged.last = merged.last.with(l, false)
		}
	}
	return merged
}

// adding puts links that may be there behind those that the list has not got.
func (a list[D]) adding(links []*link[D]) *list[D] {
	if len(links) == 0 {
		return &a
	}
	known := make(map[name]bool)
	for l := a.last; l != nil; l = l.before {
		known[l.name()] = true
	}
	for _, l := range links {
		if !known[l.name()] {
			known[l.name()] = true
			a.last = a.last.with(l, false)
		}
	}
	return &a
}

// maybe is a list that is there on some ways.
func (a *list[D]) maybe() *list[D] {
	if a == nil {
		return a
	}
	return list[D]{complete: a.complete, again: a.again}.adding(a.last.since(nil))
}

// each puts lists in the place of parameters.
func (a *list[D]) each(passed func(*ssa.Parameter) *list[D]) *list[D] {
	if a == nil {
		return a
	}
	links := a.last.since(nil)
	if !slices.ContainsFunc(links, func(l *link[D]) bool { return l.param != nil }) {
		return a
	}
	bound := &list[D]{complete: a.complete, again: a.again}
	for _, l := range links {
		switch {
		case l.param == nil:
			bound.last = bound.last.with(l, true)
		case l.option.Sure:
			bound = bound.and(passed(l.param))
		default:
			bound = bound.and(passed(l.param).maybe())
		}
	}
	return bound
}

// options tells what a list holds, in terms of a function's parameters.
func (a *list[D]) options(fn *ssa.Function) Options[D] {
	if a == nil {
		return Options[D]{}
	}
	told := Options[D]{Complete: a.complete}
	for _, l := range a.last.since(nil) {
		if l.param == nil {
			told.List = append(told.List, l.option)
			continue
		}
		i := -1
		if l.param.Parent() == fn {
			i = slices.Index(fn.Params, l.param)
		}
		switch {
		case i < 0:
			told.Complete = false // of another function, whose callers are not known
		case !slices.Contains(told.Params, i):
			told.Params = append(told.Params, i)
		}
	}
	return told
}
