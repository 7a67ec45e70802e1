package proven

import (
	"hash/maphash"
	"math/bits"
	"slices"
)

// A Set is what is known at a place. The zero Set is the one of a place that
// is never reached, at which everything holds.
//
// Sets are never changed: one that holds more shares the rest with the one
// that it is made of, and what two sets share is not looked at when they meet.
type Set[K comparable] struct {
	reached bool
	root    *node[K]
}

// Reached reports whether control ever comes to the place.
func (s Set[K]) Reached() bool { return s.reached }

// Has reports whether k is known.
func (s Set[K]) Has(k K) bool { return !s.reached || s.root.has(hash(k), k) }

// Meet returns what both sets hold.
func (s Set[K]) Meet(with Set[K]) Set[K] {
	switch {
	case !s.reached:
		return with
	case !with.reached:
		return s
	}
	return Set[K]{true, meet(s.root, with.root)}
}

// or returns what either set holds.
func (s Set[K]) or(with Set[K]) Set[K] {
	if !s.reached || !with.reached {
		return Set[K]{}
	}
	return Set[K]{true, unite(s.root, with.root)}
}

// All yields what is known; nothing of a place that is never reached.
func (s Set[K]) All(yield func(K) bool) { s.root.all(yield) }

func (s Set[K]) with(keys []K) Set[K] {
	if !s.reached {
		return s
	}
	for _, k := range keys {
		s.root = s.root.with(hash(k), k)
	}
	return s
}

func (s Set[K]) equal(t Set[K]) bool { return s.reached == t.reached && s.root.equal(t.root) }

var seed = maphash.MakeSeed()

func hash[K comparable](k K) uint64 { return maphash.Comparable(seed, k) }

// A node is a set of keys by their hashes: those that have the bits of at
// above branch. A leaf, whose branch is 0, has keys of one hash; behind other
// nodes are those whose bit at branch is 0, and those where it is 1.
type node[K comparable] struct {
	at, branch uint64
	keys       []K
	zero, one  *node[K]
}

func (n *node[K]) child(h uint64) **node[K] {
	if h&n.branch == 0 {
		return &n.zero
	}
	return &n.one
}

// holds: a hash is within what the node is for.
func (n *node[K]) holds(h uint64) bool {
	if n.branch == 0 {
		return n.at == h
	}
	return (n.at^h)&^(n.branch<<1-1) == 0
}

func (n *node[K]) has(h uint64, k K) bool {
	for n != nil && n.branch != 0 {
		n = *n.child(h)
	}
	return n != nil && n.at == h && slices.Contains(n.keys, k)
}

func (n *node[K]) with(h uint64, k K) *node[K] {
	switch {
	case n == nil:
		return &node[K]{at: h, keys: []K{k}}
	case !n.holds(h):
		return join(n, &node[K]{at: h, keys: []K{k}})
	case n.branch == 0:
		if slices.Contains(n.keys, k) {
			return n
		}
		return &node[K]{at: h, keys: append(slices.Clip(n.keys), k)}
	}
	below := *n.child(h)
	more := below.with(h, k)
	if more == below {
		return n
	}
	changed := *n
	*changed.child(h) = more
	return &changed
}

// join puts two nodes together that are for different hashes.
func join[K comparable](a, b *node[K]) *node[K] {
	if a == nil {
		return b
	}
	if b == nil {
		return a
	}
	n := &node[K]{at: a.at, branch: 1 << (63 - bits.LeadingZeros64(a.at^b.at))}
	*n.child(a.at), *n.child(b.at) = a, b
	return n
}

func meet[K comparable](a, b *node[K]) *node[K] {
	switch {
	case a == b:
		return a
	case a == nil || b == nil:
		return nil
	case a.branch < b.branch:
		a, b = b, a
	}
	if !a.holds(b.at) {
		return nil
	}
	if a.branch != b.branch {
		return meet(*a.child(b.at), b)
	}
	if a.branch == 0 {
		both := slices.DeleteFunc(slices.Clone(a.keys), func(k K) bool { return !slices.Contains(b.keys, k) })
		switch len(both) {
		case 0:
			return nil
		case len(a.keys):
			return a
		}
		return &node[K]{at: a.at, keys: both}
	}
	zero, one := meet(a.zero, b.zero), meet(a.one, b.one)
	switch {
	case zero == a.zero && one == a.one:
		return a
	case zero == b.zero && one == b.one:
		return b
	}
	return join(zero, one)
}

func unite[K comparable](a, b *node[K]) *node[K] {
	switch {
	case a == b || b == nil:
		return a
	case a == nil:
		return b
	case a.branch < b.branch:
		a, b = b, a
	}
	switch {
	case !a.holds(b.at):
		return join(a, b)
	case a.branch == 0:
		for _, k := range b.keys {
			a = a.with(b.at, k)
		}
		return a
	}
	all := *a
	if a.branch == b.branch {
		all.zero, all.one = unite(a.zero, b.zero), unite(a.one, b.one)
	} else {
		below := all.child(b.at)
		*below = unite(*below, b)
	}
	if all.zero == a.zero && all.one == a.one {
		return a
	}
	return &all
}

func (n *node[K]) equal(m *node[K]) bool {
	if n == m {
		return true
	}
	if n == nil || m == nil || n.branch != m.branch || !n.holds(m.at) || len(n.keys) != len(m.keys) {
		return false
	}
	if n.branch == 0 {
		return !slices.ContainsFunc(n.keys, func(k K) bool { return !slices.Contains(m.keys, k) })
	}
	return n.zero.equal(m.zero) && n.one.equal(m.one)
}

func (n *node[K]) all(yield func(K) bool) bool {
	switch {
	case n == nil:
		return true
	case n.branch == 0:
		return !slices.ContainsFunc(n.keys, func(k K) bool { return !yield(k) })
	}
	return n.zero.all(yield) && n.one.all(yield)
}
