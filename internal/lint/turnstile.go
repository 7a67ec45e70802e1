package lint

import "sync"

// A turnstile lets a limited number of passes work at a time, those of the
// packages that come first in the order of imports before the others. So a
// package's passes follow each other closely, and what they share, above all
// SSA, is there for few packages at a time.
type turnstile struct {
	mu      sync.Mutex
	free    int
	waiting []waiter
}

type waiter struct {
	rank int
	open chan struct{}
}

// enter waits for its turn; of those who wait the lowest rank is next.
func (t *turnstile) enter(rank int) {
	t.mu.Lock()
	if t.free > 0 {
		t.free--
		t.mu.Unlock()
		return
	}
	w := waiter{rank, make(chan struct{})}
	t.waiting = append(t.waiting, w)
	t.mu.Unlock()
	<-w.open
}

func (t *turnstile) leave() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.waiting) == 0 {
		t.free++
		return
	}
	first := 0
	for i, w := range t.waiting {
		if w.rank < t.waiting[first].rank {
			first = i
		}
	}
	close(t.waiting[first].open)
	last := len(t.waiting) - 1
	t.waiting[first] = t.waiting[last]
	t.waiting = t.waiting[:last]
}
