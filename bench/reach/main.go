// Command reach measures whether the rules see a mistake in whatever shape it
// is written: it rewrites the test data (package reshape), analyses what comes
// out, and prints for each rule and shape how many of the findings are still
// there, and which good code is reported.
//
//	go run ./bench/reach                          writes docs/reach.md
//	go run ./bench/reach -rule deadline/missing   only its folder; prints
//	go run ./bench/reach -shape method -v         names each lost finding
package main

import (
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/grpclint/grpclint/internal/reshape"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("reach: ")
	ruleID := flag.String("rule", "", "only the cases of `RULE`, or of a family")
	shapeName := flag.String("shape", "", "only the shape of this `NAME`")
	verbose := flag.Bool("v", false, "name what is lost, and what is wrong")
	output := flag.String("o", "docs/reach.md", "`FILE` to write the table to, if it is whole")
	flag.Parse()

	dir, err := filepath.Abs("testdata/src")
	if err != nil {
		log.Fatal(err)
	}
	pattern := "./..."
	if *ruleID != "" {
		pattern = "./" + strings.ReplaceAll(*ruleID, "-", "") + "/..."
	}
	suite, err := open(dir, pattern)
	if err != nil {
		log.Fatal(err)
	}
	table := newTable()
	for _, shape := range reshape.Shapes() {
		if *shapeName != "" && shape.Name != *shapeName {
			continue
		}
		outcome, err := suite.try(shape)
		if err != nil {
			log.Fatalf("%s: %v", shape.Name, err)
		}
		table.add(shape, outcome)
		fmt.Fprintf(os.Stderr, "%-20s %4d of %4d found, %3d wrong in %4d, %d packages refused\n", shape.Name, outcome.found, outcome.bad, len(outcome.wrong), outcome.good, outcome.refused)
		if *verbose {
			for _, line := range slices.Concat(outcome.lost, outcome.wrong) {
				fmt.Println(line)
			}
		}
	}
	if *ruleID != "" || *shapeName != "" {
		table.write(os.Stdout)
		return
	}
	file, err := os.Create(*output)
	if err != nil {
		log.Fatal(err)
	}
	io.WriteString(file, introduction)
	table.write(file)
	if err := file.Close(); err != nil {
		log.Fatal(err)
	}
}

const introduction = `# Reach

Whether a mistake is found must not depend on how it is written. This table is made by ` + "`go run ./bench/reach`" + `, which writes the test data of every rule in other shapes: what a finding points at is moved into a function, a method, a closure, a field and so on. A cell says how many of the findings are still there, of how many that could be rewritten; a cell without a number has nothing that fits.

`
