package main

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/grpclint/grpclint/finding/visible"
)

// isTerminal reports whether w shows to a person.
func isTerminal(w io.Writer) bool {
	if v, ok := w.(visible.Writer); ok {
		w = v.W
	}
	file, ok := w.(*os.File)
	if !ok || os.Getenv("TERM") == "dumb" {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// colors reports whether what goes to w is to be coloured: as -color says,
// else as the environment (https://no-color.org, https://force-color.org),
// else for people only.
func colors(choice string, w io.Writer) bool {
	switch {
	case choice == "always":
		return true
	case choice == "never", os.Getenv("NO_COLOR") != "":
		return false
	case os.Getenv("FORCE_COLOR") != "":
		return true
	}
	return isTerminal(w)
}

// A progress shows one changing line once the work has lasted a second.
type progress struct {
	w     io.Writer // nil: nobody looks
	start time.Time

	mu    sync.Mutex
	last  time.Time
	shown bool
}

func newProgress(w io.Writer, quiet bool) *progress {
	p := &progress{start: time.Now()}
	if !quiet && isTerminal(w) {
		p.w = w
		if v, ok := w.(visible.Writer); ok {
			p.w = v.W // it is to move the cursor
		}
	}
	return p
}

func (p *progress) show(stage string, done, total int) {
	if p.w == nil {
		return
	}
	now := time.Now()
	p.mu.Lock()
	defer p.mu.Unlock()
	if now.Sub(p.start) < time.Second || now.Sub(p.last) < 100*time.Millisecond {
		return
	}
	p.last, p.shown = now, true
	fmt.Fprintf(p.w, "\r\x1b[Kgrpclint: %s %d of %d packages", stage, done, total)
}

// wait shows what is waited for since some seconds.
func (p *progress) wait(what string, seconds int) {
	if p.w == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.shown = true
	fmt.Fprintf(p.w, "\r\x1b[Kgrpclint: waiting for %s (%d s)", visible.Text(what), seconds)
}

// clear removes the line.
func (p *progress) clear() {
	if p.w == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.shown {
		fmt.Fprint(p.w, "\r\x1b[K")
		p.shown = false
	}
}
