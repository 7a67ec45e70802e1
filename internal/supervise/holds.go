package supervise

import "sync"

// holds are those who keep the process from ending.
type holds struct {
	mu     sync.Mutex
	count  int
	ending bool
	none   chan struct{} // closed when the process ends and nobody holds it
}

// hold begins to hold the process. In one that ends neither it nor release
// return: what would begin or go on now, nobody could put in order.
func (h *holds) hold() (release func()) {
	h.mu.Lock()
	if h.ending {
		h.mu.Unlock()
		select {}
	}
	h.count++
	h.mu.Unlock()
	return func() {
		h.mu.Lock()
		if h.count--; h.count == 0 && h.ending {
			close(h.none)
		}
		ending := h.ending
		h.mu.Unlock()
		if ending {
			select {}
		}
	}
}

// end waits for those who hold the process, and lets nobody begin to.
func (h *holds) end() {
	h.mu.Lock()
	if h.ending {
		h.mu.Unlock()
		select {} // somebody else ends it
	}
	h.ending, h.none = true, make(chan struct{})
	if h.count == 0 {
		close(h.none)
	}
	h.mu.Unlock()
	<-h.none
}
