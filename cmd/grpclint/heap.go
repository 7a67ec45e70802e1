package main

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// smallHeap is the heap, in bytes, up to which collecting garbage is a waste
// of time: most runs are over before they need more.
const smallHeap = 256 << 20

// growHeap lets the heap grow to smallHeap before garbage is collected, and
// only from there on by the usual factor. Without it a run of a second
// spends a third of its processor time on collecting in a small heap.
// Whoever sets GOGC knows better.
func growHeap() {
	if os.Getenv("GOGC") != "" {
		return
	}
	// The runtime's first heap is 4 MB at 100 percent.
	debug.SetGCPercent(smallHeap / (4 << 20) * 100)
	runtime.SetFinalizer(new(heapMark), afterCollection)
}

// A heapMark is garbage from its birth: its finalizer runs after each
// collection.
type heapMark struct{ _ [16]byte }

func afterCollection(mark *heapMark) {
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(live)
	percent := 100
	if bytes := live[0].Value.Uint64(); bytes > 0 && bytes < smallHeap/2 {
		percent = int(smallHeap*100/bytes) - 100
	}
	debug.SetGCPercent(percent)
	runtime.SetFinalizer(mark, afterCollection)
}
