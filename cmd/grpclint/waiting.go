package main

import (
	"fmt"
	"io"
	"time"
)

// A waiting tells whoever may wonder what the program waits for: a person at a
// terminal by a line that changes each second, others that want to know by one
// that stays.
type waiting struct {
	bar   *progress
	stays io.Writer                                   // nil: nobody wants to know
	ticks func() (each <-chan time.Time, stop func()) // of a second
}

func newWaiting(bar *progress, stderr io.Writer, verbose bool) *waiting {
	w := &waiting{bar: bar, ticks: func() (<-chan time.Time, func()) {
		ticker := time.NewTicker(time.Second)
		return ticker.C, ticker.Stop
	}}
	if verbose {
		w.stays = stderr
	}
	return w
}

// begin tells of something that lasts until done is called, if that takes
// longer than a second.
func (w *waiting) begin(what string) (done func()) {
	if w.bar.w == nil && w.stays == nil {
		return func() {}
	}
	ticks, stop := w.ticks()
	end, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for seconds := 1; ; seconds++ {
			select {
			case <-end:
				return
			case <-ticks:
			}
			if seconds == 1 && w.stays != nil {
				fmt.Fprintln(w.stays, "grpclint: waiting for "+what)
			}
			w.bar.wait(what, seconds)
		}
	}()
	return func() {
		stop()
		close(end)
		<-ended
		w.bar.clear()
	}
}
