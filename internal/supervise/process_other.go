//go:build !unix

package supervise

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"syscall"
)

// Main does the work in this process and returns the exit status.
func Main(work Work) int {
	endTogether()
	return new(Worker).work(work, os.Stderr)
}

// IsWorker reports whether this process is a worker that somebody has started.
func IsWorker() bool { return false }

// Alive reports whether a process lives.
func Alive(pid int) bool {
	p, err := os.FindProcess(pid)
	if err != nil {
		return false
	}
	_ = p.Release()
	return true
}

func (j *Job) start(context.Context, orders) (*outcome, error) {
	return nil, errors.ErrUnsupported
}

// ends are the signals that end the work.
func ends() []os.Signal { return []os.Signal{os.Interrupt, syscall.SIGTERM} }

// dieBy ends this process as others do that a signal ends.
func dieBy(os.Signal) { os.Exit(statusBroken) }

// together has nothing to do where processes have no groups: [endTogether]
// does what can be done.
func together(*exec.Cmd) {}
