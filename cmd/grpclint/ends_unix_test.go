//go:build unix

package main

import (
	"bufio"
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/grpclint/grpclint/internal/moduletest"
)

// asProgram is the variable by which the test binary is grpclint.
const asProgram = "GRPCLINT_TEST_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
	}
	os.Exit(m.Run())
}

// grpclint returns the program as a command.
func grpclint(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self, args...)
	cmd.Env = append(os.Environ(), asProgram+"=1", "GOWORK=off")
	return cmd
}

// The go command, and what that has started, end with the program. A FIFO that
// all of them have open says so.
func TestEndsGoCommand(t *testing.T) {
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGKILL} {
		t.Run(signal.String(), func(t *testing.T) {
			dir := moduletest.Write(t, module)
			fifo := filepath.Join(t.TempDir(), "fifo")
			makeFIFO(t, fifo)
			bin := t.TempDir()
			script := "#!/bin/sh\nexec 3>" + fifo + "\necho started >&3\nsleep 3600\ntrue\n"
			if err := os.WriteFile(filepath.Join(bin, "go"), []byte(script), 0o777); err != nil {
				t.Fatal(err)
			}
			cmd := grpclint(t, "-quiet", "-C", dir)
			cmd.Env = append(cmd.Env, "PATH="+bin+":"+os.Getenv("PATH"))
			var output bytes.Buffer
			cmd.Stdout, cmd.Stderr = &output, &output
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			file, err := os.Open(fifo)
			if err != nil {
				t.Fatal(err)
			}
			defer file.Close()
			lines := bufio.NewScanner(file)
			if !lines.Scan() {
				t.Fatal("there is no go command")
			}
			if err := cmd.Process.Signal(signal); err != nil {
				t.Fatal(err)
			}
			for lines.Scan() { // until nobody has the FIFO open
			}
			_ = cmd.Wait()
			if status := cmd.ProcessState.Sys().(syscall.WaitStatus); status.Signal() != signal {
				t.Errorf("ended by %s:\n%s", cmd.ProcessState, output.String())
			}
			if signal != syscall.SIGKILL && output.Len() > 0 {
				t.Errorf("it says\n%s", output.String())
			}
		})
	}
}

// The program finds the same as its work does in this process.
func TestProgram(t *testing.T) {
	dir := moduletest.Write(t, module)
	want := runIn(t, dir)
	cmd := grpclint(t, "-C", dir)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	_ = cmd.Run()
	if got := (result{cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()}); got != want {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
}
