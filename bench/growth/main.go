//go:build unix

// Command growth measures how the time and memory of grpclint grow with what
// it checks. Each shape of package internal/growth is written at a size, twice
// that and four times that, and checked with the default settings:
//
//	go run ./bench/growth
//	go run ./bench/growth -run 'context|proto'
//
// Twice the size may take at most 2.3 times the CPU time, the process itself
// included. What takes longer than -limit is ended.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"time"

	"github.com/grpclint/grpclint/internal/growth"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("growth: ")
	run := flag.String("run", "", "measure only shapes whose name matches the `expression`")
	factor := flag.Int("x", 1, "multiply all sizes")
	limit := flag.Duration("limit", time.Minute, "end a run after this `time`")
	keep := flag.String("keep", "", "write the programs below this `folder` and keep them")
	tool := flag.String("grpclint", "", "measure this `program` instead of building one")
	flag.Parse()
	selected, err := regexp.Compile(*run)
	if err != nil {
		log.Fatal(err)
	}
	dir := *keep
	if dir == "" {
		if dir, err = os.MkdirTemp("", "grpclint-growth"); err != nil {
			log.Fatal(err)
		}
		defer os.RemoveAll(dir)
	}
	if *tool == "" {
		*tool = filepath.Join(dir, "grpclint")
		if out, err := exec.Command("go", "build", "-o", *tool, "github.com/grpclint/grpclint/cmd/grpclint").CombinedOutput(); err != nil {
			log.Fatalf("building grpclint: %v\n%s", err, out)
		}
	}
	repository, err := filepath.Abs(".")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("| shape | n | CPU s at n, 2n, 4n | × | MB at 4n | findings |\n|---|---|---|---|---|---|")
	slow := false
	for _, shape := range growth.Shapes() {
		if !selected.MatchString(shape.Name) {
			continue
		}
		var runs []measured
		for _, times := range []int{1, 2, 4} {
			n := times * *factor * shape.N
			module := filepath.Join(dir, fmt.Sprintf("%s-%d", shape.Name, n))
			if err := growth.Write(module, repository, shape.Files(n)); err != nil {
				log.Fatal(err)
			}
			m := measure(*tool, module, *limit)
			runs = append(runs, m)
			if *keep == "" {
				os.RemoveAll(module)
			}
			if m.err != nil {
				break
			}
		}
		slow = print(shape.Name, shape.N**factor, runs) || slow
	}
	if slow {
		os.Exit(1)
	}
}

// print writes the row of a shape and reports whether it grows too fast.
func print(name string, n int, runs []measured) bool {
	var cpu, ratios []string
	slow := false
	last := runs[len(runs)-1]
	for i, m := range runs {
		if m.err != nil {
			cpu = append(cpu, m.err.Error())
			slow = true
			break
		}
		cpu = append(cpu, fmt.Sprintf("%.2f", m.cpu))
		if i > 0 {
			ratio := m.cpu / runs[i-1].cpu
			ratios = append(ratios, fmt.Sprintf("%.1f", ratio))
			slow = slow || ratio > 2.3
		}
	}
	mark := ""
	if slow {
		mark = " **slow**"
	}
	fmt.Printf("| %s | %d | %s | %s%s | %.0f | %s |\n", name, n, strings.Join(cpu, ", "), strings.Join(ratios, ", "), mark, last.mb, last.says)
	return slow
}

// measured is one run.
type measured struct {
	cpu, mb float64
	says    string // its last line
	err     error
}

var errEndless = errors.New("does not end")

// measure checks a module twice: the first time, the go command compiles what
// it needs.
func measure(tool, dir string, allowed time.Duration) measured {
	warm := exec.Command("go", "list", "-export", "-deps", "./...")
	warm.Dir = dir
	warm.Run() // a folder without Go fails, and needs nothing

	ctx, cancel := context.WithTimeout(context.Background(), allowed)
	defer cancel()
	// With a limit of its memory, what explodes ends before the machine does.
	limit := fmt.Sprintf("ulimit -v %d; exec \"$@\"", 4<<20)
	cmd := exec.CommandContext(ctx, "sh", "-c", limit, "sh", tool, "-j", "1", "./...")
	cmd.Dir = dir
	cmd.WaitDelay = time.Second
	out, err := cmd.CombinedOutput()
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	usage := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	m := measured{
		cpu:  cmd.ProcessState.UserTime().Seconds(),
		mb:   float64(usage.Maxrss) / 1024, // Linux counts in KB
		says: lines[len(lines)-1],
	}
	if ctx.Err() != nil {
		m.err = errEndless
	} else if status := cmd.ProcessState.ExitCode(); status < 0 || status > 2 || strings.Contains(string(out), "internal error") {
		m.err = fmt.Errorf("status %d: %v", status, err) // 2 is right for a configuration that is full of mistakes
	}
	return m
}
