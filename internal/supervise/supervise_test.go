//go:build unix

package supervise

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// program is the variable by which the test binary is one of the programs
// below.
const program = "SUPERVISE_TEST_PROGRAM"

func TestMain(m *testing.M) {
	if work := programs[os.Getenv(program)]; work != nil {
		os.Exit(Main(work))
	}
	os.Exit(m.Run())
}

var programs = map[string]Work{
	"prints": func(_ context.Context, stderr io.Writer) int {
		fmt.Println("out")
		fmt.Fprintln(stderr, "err")
		fmt.Fprintln(os.Stderr, "astray")
		return 1
	},
	"tasks": func(ctx context.Context, stderr io.Writer) int {
		w := From(ctx)
		fmt.Fprintf(stderr, "cautious: %v\n", w.Cautious())
		for _, name := range strings.Fields(os.Getenv("TASKS")) {
			name, pkg, _ := strings.Cut(name, "@")
			task := Task{name, pkg}
			if lost, ok := w.Lost(task); ok {
				fmt.Printf("lost %s of %s: %s\n", name, pkg, lost.Reason)
				continue
			}
			w.Begin(task)
			do[name]()
			fmt.Printf("did %s of %s\n", name, pkg)
		}
		w.End()
		if os.Getenv("THEN") != "" {
			if os.Getenv("FINISH") != "" {
				w.Finish()
			}
			do[os.Getenv("THEN")]()
		}
		return 0
	},
	// One that has something to put in order when it is ended.
	"starts": func(ctx context.Context, stderr io.Writer) int {
		release := Hold(ctx)
		cmd := exec.CommandContext(ctx, "sh", "-c", "echo started; exec sleep 3600")
		cmd.Stdout = os.Stdout
		_ = cmd.Run()
		fmt.Println("ended it")
		release()
		fmt.Println("went on")
		return 0
	},
	"prints for ever": func(context.Context, io.Writer) int {
		fmt.Println(os.Getpid())
		for {
			fmt.Println(strings.Repeat("x", 1000))
		}
	},
	"waits and prints": func(context.Context, io.Writer) int {
		for {
			fmt.Println("out")
		}
	},
	"has more files": func(context.Context, io.Writer) int {
		for _, fd := range []uintptr{3, 5} {
			fmt.Fprintln(os.NewFile(fd, "given"), "to", fd)
		}
		return 0
	},
	// One whose child has a group of its own, and that puts nothing in order.
	"forgets": func(_ context.Context, stderr io.Writer) int {
		cmd := exec.Command("sh", "-c", "sleep 3600 & echo started $PPID; wait")
		cmd.Stdout = os.Stdout
		cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
		_ = cmd.Run()
		return 0
	},
}

// do are things that a task can do.
var do = map[string]func(){
	"work":     func() {},
	"overflow": func() { overflow(0) },
	"panic":    func() { go panic("in a goroutine"); select {} },
	"maps": func() {
		m := make(map[int]int)
		for range 2 {
			go func() {
				for i := 0; ; i++ {
					m[i%8] = i
				}
			}()
		}
		select {}
	},
	"killed": func() { _ = syscall.Kill(os.Getpid(), syscall.SIGKILL); select {} },
}

// overflow has large frames: the runtime walks over all of them when it dies.
func overflow(n int) int {
	var frame [16 << 10]byte
	frame[n%len(frame)] = 1
	return overflow(n+1) + int(frame[0])
}

// start runs the test binary as a program, which writes to what it returns.
func start(t *testing.T, name string, env ...string) (cmd *exec.Cmd, stdout *os.File, stderr *bytes.Buffer) {
	t.Helper()
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer writer.Close()
	t.Cleanup(func() { reader.Close() })
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd, stderr = exec.CommandContext(t.Context(), self), new(bytes.Buffer)
	cmd.Env = append(append(os.Environ(), program+"="+name), env...)
	cmd.Stdout, cmd.Stderr = writer, stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, reader, stderr
}

// run waits until everybody has closed the program's standard output.
func run(t *testing.T, name string, env ...string) (status int, stdout, stderr string) {
	t.Helper()
	cmd, out, errs := start(t, name, env...)
	text, err := io.ReadAll(out)
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil && !errors.As(err, new(*exec.ExitError)) {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), string(text), errs.String()
}

func TestStatus(t *testing.T) {
	status, stdout, stderr := run(t, "prints")
	if status != 1 || stdout != "out\n" || stderr != "err\nastray\n" {
		t.Errorf("status %d, %q, %q", status, stdout, stderr)
	}
}

func TestFatalErrors(t *testing.T) {
	tests := []struct {
		name, tasks, then string
		status            int
		want              []string // on standard output, of the last attempt
		complains         string
	}{
		{"none", "work@a work@b", "", 0, []string{"did work of a", "did work of b"}, "cautious: false\n"},
		{"stack overflow", "work@a overflow@b work@c", "", 0, []string{"did work of a", "lost overflow of b: fatal error: stack overflow", "did work of c"}, ""},
		{"maps", "maps@b work@c", "", 0, []string{"lost maps of b: fatal error: concurrent map writes", "did work of c"}, ""},
		{"panic in a goroutine", "panic@b work@c", "", 0, []string{"lost panic of b: panic: in a goroutine", "did work of c"}, ""},
		{"killed", "killed@b work@c", "", 0, []string{"lost killed of b: signal: killed", "did work of c"}, ""},
		{"two", "panic@b work@a killed@b", "", 0, []string{"lost panic of b: panic: in a goroutine", "did work of a", "lost killed of b: signal: killed"}, ""},
		{"everywhere", "panic@a panic@b panic@c panic@d panic@e work@f", "", 0, []string{
			"lost panic of a: panic: in a goroutine", "lost panic of b: panic: in a goroutine", "lost panic of c: panic: in a goroutine",
			"lost panic of d: panic: in a goroutine", "lost panic of e: panic: in a goroutine", "did work of f"}, ""},
		{"outside of tasks", "work@a", "panic", 2, []string{"did work of a"}, "grpclint: internal error: panic: in a goroutine\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			status, stdout, stderr := run(t, "tasks", "TASKS="+test.tasks, "THEN="+test.then)
			lines := strings.Split(strings.TrimSuffix(stdout, "\n"), "\n")
			last := lines[max(len(lines)-len(test.want), 0):]
			if status != test.status || !slices.Equal(last, test.want) || !strings.Contains(stderr, test.complains) {
				t.Errorf("status %d\n%s%s", status, stdout, stderr)
			}
			if strings.Contains(stderr, "goroutine ") && test.status == 0 {
				t.Errorf("a stack trace is shown:\n%s", stderr)
			}
		})
	}
}

// What a program prints it prints once.
func TestFinished(t *testing.T) {
	status, stdout, stderr := run(t, "tasks", "TASKS=work@a", "THEN=panic", "FINISH=1")
	if status != statusBroken || stdout != "did work of a\n" || !strings.Contains(stderr, "grpclint: internal error: panic: in a goroutine\n") {
		t.Errorf("status %d, %q, %q", status, stdout, stderr)
	}
}

// If nobody reads what a program prints, it ends without a word, as others do.
func TestNobodyReads(t *testing.T) {
	cmd, stdout, stderr := start(t, "waits and prints")
	lines := bufio.NewScanner(stdout)
	if !lines.Scan() {
		t.Fatal("it does not begin")
	}
	stdout.Close()
	_ = cmd.Wait()
	if cmd.ProcessState.ExitCode() != 128+int(syscall.SIGPIPE) || stderr.Len() > 0 {
		t.Errorf("ended by %s: %s", cmd.ProcessState, stderr)
	}
}

// Whatever ends the program ends what it has started, and shells see what it
// was. That all of it has ended is seen by the end of the standard output,
// which all of it has.
func TestEnds(t *testing.T) {
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGKILL} {
		t.Run(signal.String(), func(t *testing.T) {
			cmd, stdout, _ := start(t, "starts")
			lines := bufio.NewScanner(stdout)
			if !lines.Scan() {
				t.Fatal("nothing was started")
			}
			if err := cmd.Process.Signal(signal); err != nil {
				t.Fatal(err)
			}
			if lines.Scan(); lines.Text() != "ended it" || lines.Scan() {
				t.Errorf("it says %q", lines.Text())
			}
			_ = cmd.Wait()
			if status := cmd.ProcessState.Sys().(syscall.WaitStatus); !status.Signaled() || status.Signal() != signal {
				t.Errorf("ended by %s", cmd.ProcessState)
			}
		})
	}
}

// Who kills the program's whole group, as timeout does, does not kill the one
// who puts things in order then.
func TestGroupKilled(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self)
	cmd.Env = append(os.Environ(), program+"=starts")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	if !lines.Scan() {
		t.Fatal("nothing was started")
	}
	if err := syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	if lines.Scan(); lines.Text() != "ended it" || lines.Scan() {
		t.Errorf("it says %q", lines.Text())
	}
	_ = cmd.Wait()
}

// Ctrl-Z stops the worker too, and fg has both go on.
func TestStopped(t *testing.T) {
	cmd, stdout, _ := start(t, "prints for ever")
	worker := workerOf(t, stdout)
	signal := func(s syscall.Signal) {
		t.Helper()
		if err := cmd.Process.Signal(s); err != nil {
			t.Fatal(err)
		}
	}
	signal(syscall.SIGTSTP)
	var status syscall.WaitStatus
	if _, err := syscall.Wait4(cmd.Process.Pid, &status, syscall.WUNTRACED, nil); err != nil || !status.Stopped() {
		t.Fatalf("not stopped: %v", err)
	}
	for { // until the worker is stopped, too
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", worker))
		if err != nil || strings.Contains(string(stat), ") T ") {
			break
		}
		if t.Context().Err() != nil {
			t.Fatalf("the worker goes on: %s", stat)
		}
	}
	signal(syscall.SIGCONT)
	lines := bufio.NewScanner(stdout)
	for range 1000 { // more than a pipe holds
		lines.Scan()
	}
	if len(lines.Text()) != 1000 {
		t.Error("the worker does not go on")
	}
	signal(syscall.SIGTERM)
	for lines.Scan() {
	}
	_ = cmd.Wait()
}

// workerOf reads who writes to a standard output.
func workerOf(t *testing.T, stdout io.Reader) int {
	t.Helper()
	var pid int
	if _, err := fmt.Fscanln(stdout, &pid); err != nil {
		t.Fatal(err)
	}
	return pid
}

// A signal that the program was started to ignore does not end it.
func TestIgnored(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "sh", "-c", `trap '' HUP; exec "$0"`, self)
	cmd.Env = append(os.Environ(), program+"=starts")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	lines.Scan()
	for _, signal := range []syscall.Signal{syscall.SIGHUP, syscall.SIGTERM} {
		if err := cmd.Process.Signal(signal); err != nil {
			t.Fatal(err)
		}
	}
	for lines.Scan() {
	}
	_ = cmd.Wait()
	if status := cmd.ProcessState.Sys().(syscall.WaitStatus); status.Signal() != syscall.SIGTERM {
		t.Errorf("ended by %s", cmd.ProcessState)
	}
}

// If the system kills the worker, which is the larger, Linux leaves what it
// had started to us.
func TestKilledWorker(t *testing.T) {
	if _, err := os.Stat("/proc/self/stat"); err != nil {
		t.Skip("orphans are not found here")
	}
	cmd, stdout, _ := start(t, "forgets")
	lines := bufio.NewScanner(stdout)
	// Nothing was in work, hence it is tried a second time, cautiously, and
	// then given up.
	for range 2 {
		if !lines.Scan() {
			t.Fatal("nothing was started")
		}
		worker, err := strconv.Atoi(strings.TrimPrefix(lines.Text(), "started "))
		if err != nil {
			t.Fatal(err)
		}
		if err := syscall.Kill(worker, syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
	}
	if lines.Scan() {
		t.Errorf("it goes on: %s", lines.Text())
	}
	_ = cmd.Wait()
	if cmd.ProcessState.ExitCode() != statusBroken {
		t.Errorf("ended by %s", cmd.ProcessState)
	}
}

// A shell can give a program more files than the standard ones, under any
// number.
func TestInherited(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "sh", "-c", `"$0" 3>&1 5>&1`, self)
	cmd.Env = append(os.Environ(), program+"=has more files")
	out, err := cmd.CombinedOutput()
	if err != nil || string(out) != "to 3\nto 5\n" {
		t.Errorf("%v, %s", err, out)
	}
}

// The variable alone makes nobody a worker.
func TestNoWorker(t *testing.T) {
	status, stdout, _ := run(t, "prints", supervisor+"=1", "TMPDIR="+filepath.Join(t.TempDir(), "none"))
	if status != 1 || stdout != "out\n" {
		t.Errorf("status %d, %q", status, stdout)
	}
}
