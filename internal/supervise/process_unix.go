//go:build unix

package supervise

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// supervisor is the variable that tells a worker who watches over it (only a
// child of that process is one), and the first of its additional files.
const supervisor = "GRPCLINT_SUPERVISOR"

// Additional files of a worker.
const (
	ordersFile = iota // orders, then nothing until the supervisor has gone
	recordsFile
	stderrFile
	additional // number of them
)

// patience is how long a worker may take to end what it has started. The go
// command gets five seconds from package packages.
const patience = 10 * time.Second

// maxSaid is how much is kept of what a worker says when it dies.
const maxSaid = 1 << 20

// Main does the work and returns the exit status, or ends the process by the
// signal that ended the work.
func Main(work Work) int {
	if first, ok := additionalFiles(); ok {
		return beWorker(work, first)
	}
	job := &Job{Args: os.Args[1:], Stdout: os.Stdout, Stderr: os.Stderr, inherited: inherited()}
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	ends := notify(syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT)
	go func() {
		cancel(killed{(<-ends).(syscall.Signal)})
		killed{(<-ends).(syscall.Signal)}.die() // who asks twice does not want to wait
	}()
	stops := notify(syscall.SIGTSTP)
	go func() {
		for range stops {
			job.stop()
		}
	}()
	status, err := job.Run(ctx)
	var signal killed
	switch {
	case errors.As(err, &signal) && signal.signal != syscall.SIGQUIT:
		signal.die()
	case err != nil && ctx.Err() == nil:
		return new(Worker).work(work, os.Stderr) // there can be no other process
	}
	return status
}

// IsWorker reports whether this process is a worker that somebody has started,
// and who has to call [Main].
func IsWorker() bool {
	_, ok := additionalFiles()
	return ok
}

// additionalFiles returns the number of the first of a worker's additional
// files.
func additionalFiles() (int, bool) {
	parent, first, _ := strings.Cut(os.Getenv(supervisor), ":")
	number, err := strconv.Atoi(first)
	return number, err == nil && parent == strconv.Itoa(os.Getppid())
}

// Alive reports whether a process lives.
func Alive(pid int) bool {
	err := syscall.Kill(pid, 0)
	return err == nil || errors.Is(err, syscall.EPERM)
}

// inherited returns what this process has open besides the standard files, by
// number: a shell can have given it more, which is written to by -o /dev/fd/3.
// There are at most some dozens. It is to be asked first of all.
func inherited() []*os.File {
	var files []*os.File
	for fd := 3; fd < 64; fd++ {
		var stat syscall.Stat_t
		if syscall.Fstat(fd, &stat) == nil {
			files = append(files, make([]*os.File, fd-3-len(files))...)
			files = append(files, os.NewFile(uintptr(fd), "inherited"))
		}
	}
	return files
}

// killed is the error for work that a signal ended.
type killed struct{ signal syscall.Signal }

func (k killed) Error() string { return "ended by " + k.signal.String() }

// die ends this process by the signal, which shells and others want to know.
func (k killed) die() {
	if k.signal == syscall.SIGPIPE {
		// Package runtime ignores it if it comes from elsewhere. Shells take
		// this for the same.
		os.Exit(128 + int(k.signal))
	}
	signal.Reset(k.signal)
	_ = syscall.Kill(os.Getpid(), k.signal)
	select {} // it may take a moment
}

// start starts a worker and waits for its end.
func (j *Job) start(ctx context.Context, now orders) (*outcome, error) {
	adopt()
	ordersIn, ordersOut, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer ordersOut.Close()
	recordsIn, recordsOut, err := os.Pipe()
	if err != nil {
		ordersIn.Close()
		return nil, err
	}
	defer recordsIn.Close()

	said := &head{most: maxSaid}
	cmd := exec.CommandContext(ctx, self(), j.Args...)
	cmd.Args[0] = os.Args[0]
	cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%d:%d", supervisor, os.Getpid(), 3+len(j.inherited)))
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, j.Stdout, said
	if j.Stdout != os.Stdout {
		cmd.Stdin = nil // of a language server, say, who reads it
	}
	cmd.ExtraFiles = slices.Concat(j.inherited, []*os.File{ordersFile: ordersIn, recordsFile: recordsOut, stderrFile: j.Stderr})
	// A group of its own: who kills ours with a signal that nobody can
	// catch does not kill the one who puts things in order then.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error {
		var by killed
		if errors.As(context.Cause(ctx), &by) && by.signal == syscall.SIGQUIT {
			return cmd.Process.Signal(by.signal) // somebody wants to see its stacks
		}
		return cmd.Process.Signal(syscall.SIGTERM)
	}
	cmd.WaitDelay = patience
	err = cmd.Start()
	ordersIn.Close()
	recordsOut.Close()
	if err != nil {
		return nil, err
	}
	j.process.Store(cmd.Process)
	defer j.process.Store(nil)
	// What does not fit into the pipe waits for the worker to read.
	go func() { _ = json.NewEncoder(ordersOut).Encode(now) }()
	out := new(outcome)
	out.readRecords(recordsIn)
	err = cmd.Wait()
	if !out.ended {
		endOrphans()
	}
	out.status, out.said, out.how = cmd.ProcessState.ExitCode(), said.String(), cmd.ProcessState.String()
	if status := cmd.ProcessState.Sys().(syscall.WaitStatus); !out.ended && status.Signaled() {
		switch s := status.Signal(); s {
		case syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGPIPE:
			return nil, killed{s} // somebody wanted that, or nobody reads what it writes
		}
	}
	if by, ok := context.Cause(ctx).(killed); ok && by.signal == syscall.SIGQUIT {
		io.WriteString(j.Stderr, out.said)
	}
	return out, nil
}

// self is the file of this program, which may have been replaced since it was
// started.
func self() string {
	const running = "/proc/self/exe"
	file, err := os.Executable()
	if err != nil {
		return running
	}
	now, err := os.Stat(file)
	if then, errThen := os.Stat(running); errThen == nil && (err != nil || !os.SameFile(now, then)) {
		return running
	}
	return file
}

// stop stops the worker and this process until somebody has both go on.
func (j *Job) stop() {
	goesOn := make(chan os.Signal, 1)
	signal.Notify(goesOn, syscall.SIGCONT)
	defer signal.Stop(goesOn)
	worker := j.process.Load()
	if worker != nil {
		_ = worker.Signal(syscall.SIGSTOP)
	}
	_ = syscall.Kill(os.Getpid(), syscall.SIGSTOP)
	<-goesOn // the call returns before it takes effect
	if worker != nil {
		_ = worker.Signal(syscall.SIGCONT)
	}
}

// beWorker does the work as a worker.
func beWorker(work Work, first int) int {
	os.Unsetenv(supervisor)
	var files [additional]*os.File
	for i := range files {
		syscall.CloseOnExec(first + i)
		files[i] = os.NewFile(uintptr(first+i), "supervisor")
	}
	// A group in the background may write to a terminal that stops such.
	signal.Ignore(syscall.SIGTTOU)
	from := files[ordersFile]
	w := &Worker{tell: writeTo(files[recordsFile])}
	decoder := json.NewDecoder(from)
	if err := decoder.Decode(&w.orders); err != nil {
		return statusBroken // the supervisor has gone already
	}
	gone := make(chan struct{})
	go func() {
		_, _ = io.Copy(io.Discard, from)
		close(gone)
	}()
	w.gone = gone
	debug.SetMaxStack(maxStack)
	return w.work(work, files[stderrFile])
}

// ends are the signals that end the work. SIGPIPE is none of them: it ends the
// worker at once if nobody reads what it prints, which it does last.
func ends() []os.Signal { return []os.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP} }

// dieBy ends this process by a signal.
func dieBy(s os.Signal) { killed{s.(syscall.Signal)}.die() }

// head keeps the beginning of what is written to it.
type head struct {
	text []byte
	most int
}

func (h *head) Write(p []byte) (int, error) {
	h.text = append(h.text, p[:min(len(p), h.most-len(h.text))]...)
	return len(p), nil
}

func (h *head) String() string { return string(h.text) }

// together has what a command starts end with it.
func together(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = patience
}
