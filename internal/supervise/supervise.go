// Package supervise has the program do its work in a process of its own, the
// worker, and watch over it:
//
//   - what the worker starts ends with the program, however the program ends:
//     the go command runs compilers for minutes;
//   - what cannot be recovered from (a stack that overflows, maps that are
//     written at the same time, no memory) costs the part of the work in which
//     it happened and not the whole.
//
// A worker that dies in such a way is started again, cautiously: it then does
// one thing at a time and says what that is. If it dies again, that thing is
// left out of the next attempt, and named.
//
// Where processes cannot be watched over in this way (anywhere but on Unix),
// the program does its work itself.
package supervise

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"sync/atomic"

	"github.com/grpclint/grpclint/finding/visible"
)

// statusBroken is that of a program that could not do what was asked for.
const statusBroken = 2

// maxAttempts is how often a worker is started at most.
const maxAttempts = 10

// maxStack is the size that a stack of a worker may reach. Correct code needs
// a small part of it. The runtime's own limit is a gigabyte, and to die of that
// takes it a minute, because it walks over all frames.
const maxStack = 128 << 20

// Work is what a worker does: it returns the exit status, and is to write to
// stderr instead of os.Stderr, where only a dying worker writes.
type Work func(ctx context.Context, stderr io.Writer) int

// A Job is work that another process, of this program, is to do.
type Job struct {
	Args   []string  // behind the program's name
	Stdout io.Writer // as for [os/exec.Cmd]
	Stderr *os.File

	process   atomic.Pointer[os.Process] // of the worker, while there is one
	inherited []*os.File                 // that the worker inherits, too, from number 3 on
}

// orders are what a worker is told first.
type orders struct {
	Cautious bool
	Lost     []Loss
}

// A Task is a part of the work.
type Task struct {
	Name    string // of an analyzer, say
	Package string // "" for all
}

// A Loss is a task in which a worker died, and which is left out since.
type Loss struct {
	Task
	Reason string // one line
	Detail string // the beginning of what the worker said when it died
}

// A record is what a worker tells. One that has ended without telling so has
// died.
type record struct {
	At       *Task // which it is about to begin, if it is cautious
	Finished bool  // the work must not be done again
	Ended    bool
}

// An outcome is how a worker ended.
type outcome struct {
	ended    bool // by itself
	status   int  // in that case
	finished bool // the work must not be done again
	at       *Task
	said     string // on the standard error that is for the dying
	how      string // what the operating system says
}

// Run has a worker do the work, and others what it could not finish. It
// returns the exit status, or an error if there could not be a worker. If the
// context is cancelled, the worker ends, and all that it has started.
func (j *Job) Run(ctx context.Context) (int, error) {
	var now orders
	times := make(map[string]int) // that workers died, by name of the task
	for attempt := 1; ; attempt++ {
		out, err := j.start(ctx, now)
		switch {
		case ctx.Err() != nil:
			return statusBroken, context.Cause(ctx)
		case err != nil:
			return statusBroken, err
		case out.ended:
			io.WriteString(j.Stderr, visible.Lines(out.said))
			return out.status, nil
		}
		reason := out.reason()
		if out.finished || out.at == nil && now.Cautious || attempt == maxAttempts {
			fmt.Fprintf(j.Stderr, "grpclint: internal error: %s\n%s", visible.Text(reason), visible.Lines(out.detail()))
			return statusBroken, nil
		}
		if out.at != nil {
			lost := Loss{*out.at, reason, out.detail()}
			if times[lost.Name]++; times[lost.Name] > 2 {
				lost.Package = "" // it would go on like this
			}
			now.Lost = append(now.Lost, lost)
		}
		now.Cautious = true
	}
}

// reason says why a worker died, in the words of the runtime or else of the
// operating system.
func (o *outcome) reason() string {
	for line := range strings.Lines(o.said) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "fatal error: ") || strings.HasPrefix(line, "panic: ") {
			return line
		}
	}
	return o.how
}

// detail is what a report of the error needs of a stack trace.
func (o *outcome) detail() string {
	const enough = 8 << 10
	if len(o.said) > enough {
		return o.said[:enough] + "\n...\n"
	}
	return o.said
}

// A Worker is this process, if it does the work.
type Worker struct {
	orders orders
	tell   func(record)    // nil if nobody listens
	gone   <-chan struct{} // closed when the supervisor is gone; nil if there is none
	holds  holds
}

type workerKey struct{}

// From returns the worker that does the work of a context; nil, which is of
// use too, if there is none.
func From(ctx context.Context) *Worker {
	if ctx == nil {
		return nil
	}
	w, _ := ctx.Value(workerKey{}).(*Worker)
	return w
}

// Supervised reports whether another process watches over the worker.
func (w *Worker) Supervised() bool { return w != nil && w.gone != nil }

// Cautious reports whether the worker is to do one thing at a time.
func (w *Worker) Cautious() bool { return w != nil && w.orders.Cautious }

// Lost reports whether a task is to be left out, and why.
func (w *Worker) Lost(t Task) (Loss, bool) {
	if w == nil {
		return Loss{}, false
	}
	for _, lost := range w.orders.Lost {
		if lost.Name == t.Name && (lost.Package == t.Package || lost.Package == "") {
			return Loss{t, lost.Reason, lost.Detail}, true
		}
	}
	return Loss{}, false
}

// Begin tells what the worker is about to do, if it is cautious. It is that
// until it does something else.
func (w *Worker) Begin(t Task) {
	if w.Cautious() {
		w.tell(record{At: &t})
	}
}

// End tells that the worker has done what it began.
func (w *Worker) End() {
	if w.Cautious() {
		w.tell(record{At: new(Task)})
	}
}

// Finish tells that what follows must not be done a second time: it changes or
// prints something.
func (w *Worker) Finish() {
	if w != nil && w.tell != nil {
		w.tell(record{Finished: true})
	}
}

// Hold keeps the process, if it is to end, from ending before release is
// called: the caller has something to put in order first, such as a process
// that it has started and that its context ends.
func Hold(ctx context.Context) (release func()) {
	w := From(ctx)
	if w == nil {
		return func() {}
	}
	return w.holds.hold()
}

// work does the work, and ends the process if somebody wants that.
func (w *Worker) work(work Work, stderr io.Writer) int {
	ctx, cancel := context.WithCancel(context.WithValue(context.Background(), workerKey{}, w))
	defer cancel()
	signals := notify(ends()...)
	go func() {
		select {
		case s := <-signals:
			cancel()
			w.holds.end()
			dieBy(s)
		case <-w.gone:
			cancel()
			w.holds.end()
			os.Exit(statusBroken)
		}
	}()
	status := work(ctx, stderr)
	w.holds.hold() // if we are about to be ended, we are
	if w.tell != nil {
		w.tell(record{Ended: true})
	}
	return status
}

// notify is [signal.Notify] for the signals that the process does not ignore,
// as one does that nohup has started.
func notify(signals ...os.Signal) <-chan os.Signal {
	received := make(chan os.Signal, len(signals))
	for _, s := range signals {
		if !signal.Ignored(s) {
			signal.Notify(received, s)
		}
	}
	return received
}

// writeTo returns a function that writes records.
func writeTo(out io.Writer) func(record) {
	encoder := json.NewEncoder(out)
	return func(r record) { _ = encoder.Encode(r) } // whoever reads them may be gone
}

// readRecords reads what a worker tells until it has gone.
func (o *outcome) readRecords(in io.Reader) {
	decoder := json.NewDecoder(in)
	for {
		var r record
		if err := decoder.Decode(&r); err != nil {
			return
		}
		switch {
		case r.Ended:
			o.ended = true
		case r.Finished:
			o.finished, o.at = true, nil
		case r.At != nil && r.At.Name == "":
			o.at = nil
		case r.At != nil:
			o.at = r.At
		}
	}
}
