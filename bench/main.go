//go:build unix

// Command bench measures grpclint beside the tools that its users run
// already: `go list -deps -export` (the floor: what asking the go command
// costs), `go vet`, and staticcheck with and without its cache.
//
//	go run ./bench -C ../etcd/server
//	go run ./bench -C ../etcd/server -tests
//
// grpclint is measured three times: with nothing kept, with what its dependencies
// declare and tell, and where nothing has changed. With -cold, so is `go build`
// beside grpclint on a new machine, on which modules are downloaded and the build
// cache is empty.
//
// The build cache is warmed first, else. The commands run in turn, so that a
// machine that slows down slows all of them down; the medians are printed.
// staticcheck is measured if it is on the PATH.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"time"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("bench: ")
	dir := flag.String("C", ".", "folder of the `module` to check")
	runs := flag.Int("n", 5, "runs of each command")
	tests := flag.Bool("tests", false, "include test files")
	slow := flag.Bool("slow", true, "include go vet and staticcheck without a cache")
	cold := flag.Bool("cold", false, "include go build and grpclint with empty caches")
	flag.Parse()

	temp, err := os.MkdirTemp("", "grpclint-bench")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(temp)
	tool := filepath.Join(temp, "grpclint")
	if out, err := exec.Command("go", "build", "-o", tool, "github.com/grpclint/grpclint/cmd/grpclint").CombinedOutput(); err != nil {
		log.Fatalf("building grpclint: %v\n%s", err, out)
	}
	commands := commandsFor(tool, temp, *tests, *slow, *cold)
	for i := range commands {
		commands[i].dir = *dir
		commands[i].run() // warms the caches; not counted
	}
	for range *runs {
		for i := range commands {
			commands[i].measure()
		}
	}
	fmt.Printf("%-52s %9s %9s %9s %6s\n", "median of "+fmt.Sprint(*runs), "wall s", "cpu s", "peak MB", "×")
	for _, c := range commands {
		fmt.Printf("%-52s %9.2f %9.2f %9.0f %6.1f\n", c.name,
			median(c.wall), median(c.cpu), median(c.peak), median(c.wall)/median(commands[0].wall))
	}
}

// A command is a command line and what was measured of it.
type command struct {
	name string
	args []string
	env  []string
	dir  string
	tag  string // if set, the flag that makes each run another one
	// before clears what must not be warm.
	before func() error

	wall, cpu, peak []float64 // seconds, seconds, MB
}

func commandsFor(tool, temp string, tests, slow, cold bool) []command {
	list := command{name: "go list -deps -export ./...", args: []string{"go", "list", "-deps", "-export", "./..."}}
	if tests {
		list = command{name: "go list -test -deps -export ./...", args: []string{"go", "list", "-test", "-deps", "-export", "./..."}}
	}
	testsFlag := fmt.Sprintf("-tests=%t", tests)
	kept, none := filepath.Join(temp, "kept"), filepath.Join(temp, "none")
	check := []string{tool, "-all", testsFlag, "./..."}
	commands := []command{
		list,
		{name: "grpclint " + testsFlag + ", unchanged", args: check, env: []string{"GRPCLINT_CACHE=" + kept}},
		// What is asked with another tag was not asked before.
		{name: "grpclint " + testsFlag + ", dependencies kept", args: check, env: []string{"GRPCLINT_CACHE=" + kept}, tag: "-tags=run%d"},
		{name: "grpclint " + testsFlag + ", nothing kept", args: check, env: []string{"GRPCLINT_CACHE=" + none}, before: func() error { return os.RemoveAll(none) }},
	}
	if cold {
		builds := filepath.Join(temp, "builds")
		fresh := func() error { return errors.Join(os.RemoveAll(builds), os.RemoveAll(none)) }
		commands = append(commands,
			command{name: "go build ./..., empty caches", args: []string{"go", "build", "./..."}, env: []string{"GOCACHE=" + builds}, before: fresh},
			command{name: "grpclint " + testsFlag + ", empty caches", args: check, env: []string{"GOCACHE=" + builds, "GRPCLINT_CACHE=" + none}, before: fresh})
	}
	if !slow {
		return commands
	}
	commands = append(commands, command{name: "go vet ./...", args: []string{"go", "vet", "./..."}})
	if staticcheck, err := exec.LookPath("staticcheck"); err == nil {
		cache := filepath.Join(temp, "staticcheck")
		commands = append(commands, command{
			name:   "staticcheck, no cache, " + testsFlag + " ./...",
			args:   []string{staticcheck, testsFlag, "./..."},
			env:    []string{"STATICCHECK_CACHE=" + cache},
			before: func() error { return os.RemoveAll(cache) },
		})
	}
	return commands
}

// run executes the command once. Its exit status is no concern of ours:
// linters fail when they find something.
func (c *command) run() *os.ProcessState {
	if c.before != nil {
		if err := c.before(); err != nil {
			log.Fatal(err)
		}
	}
	args := slices.Clone(c.args[1:])
	if c.tag != "" {
		args = append([]string{fmt.Sprintf(c.tag, len(c.wall))}, args...)
	}
	cmd := exec.Command(c.args[0], args...)
	cmd.Dir = c.dir
	cmd.Env = append(os.Environ(), c.env...)
	cmd.Stdout, cmd.Stderr = io.Discard, io.Discard
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		log.Fatal(err)
	}
	return cmd.ProcessState
}

func (c *command) measure() {
	start := time.Now()
	state := c.run()
	c.wall = append(c.wall, time.Since(start).Seconds())
	c.cpu = append(c.cpu, (state.UserTime() + state.SystemTime()).Seconds())
	// The largest single process among the command and its children;
	// Linux counts in KB.
	c.peak = append(c.peak, float64(state.SysUsage().(*syscall.Rusage).Maxrss)/1024)
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}
