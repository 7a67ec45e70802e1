// Command judge is what mutants builds with the conditions of a family's rules
// rewritten. It loads cases once. For each mutant that it reads, "condition
// kind", it writes whether they notice.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"runtime/debug"
	"slices"
	"strconv"

	"golang.org/x/tools/go/analysis"

	"github.com/grpclint/grpclint/analyzers"
	"github.com/grpclint/grpclint/bench/mutants/mutant"
	"github.com/grpclint/grpclint/internal/wanttest"
)

// A mutant that recurses without end is to be noticed soon.
const mostStack = 64 << 20

func main() {
	if err := run(os.Args[1], os.Args[2], os.Args[3:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
}

// run judges a family by folders of cases. The first line that it writes says
// what the conditions are without a mutant.
func run(family, conditions string, folders []string) error {
	debug.SetMaxStack(mostStack)
	n, err := strconv.Atoi(conditions)
	if err != nil {
		return err
	}
	list := slices.DeleteFunc(analyzers.All(), func(a *analysis.Analyzer) bool { return a.Name != family })
	s, err := wanttest.Load("testdata/src", folders...)
	if err != nil {
		return err
	}
	end := mutant.Record(n)
	// Other families do not run, so what they are to find is missing.
	usual := s.Problems(list)
	out := json.NewEncoder(os.Stdout)
	if err := out.Encode(end()); err != nil {
		return err
	}
	asked := bufio.NewScanner(os.Stdin)
	for asked.Scan() {
		var condition int
		var kind mutant.Kind
		if _, err := fmt.Sscan(asked.Text(), &condition, &kind); err != nil {
			return err
		}
		mutant.Activate(condition, kind)
		if err := out.Encode(!slices.Equal(s.Problems(list), usual)); err != nil {
			return err
		}
	}
	return asked.Err()
}
