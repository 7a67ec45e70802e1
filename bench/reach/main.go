// Command reach measures whether the rules see a mistake in whatever shape it
// is written: it rewrites the test data (package reshape), analyses what comes
// out, and says for each rule and shape how many of the findings are still
// there, and which good code is reported.
//
//	go run ./bench/reach                          writes docs/reach.md, in two minutes
//	go run ./bench/reach -rule deadline/missing   only its folder; prints
//	go run ./bench/reach -shape method -v         names each lost finding
//	go run ./bench/reach -shape method -show x    and prints the code of those with x in their name
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"

	"github.com/grpclint/grpclint/internal/reshape"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("reach: ")
	ruleID := flag.String("rule", "", "only the cases of `RULE`, or of a family")
	shapeName := flag.String("shape", "", "only the shape of this `NAME`")
	verbose := flag.Bool("v", false, "name what is lost, and what is wrong")
	show := flag.String("show", "", "also print what comes out, if the name has `TEXT` in it")
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
	table := newTable(suite)
	for _, shape := range reshape.Shapes() {
		if *shapeName != "" && shape.Name != *shapeName {
			continue
		}
		verdicts := suite.try(suite.plansFor(shape))
		c := table.add(suite, shape, verdicts)
		fmt.Fprintf(os.Stderr, "%-17s %4d of %4d findings found, %3d of %4d good reported\n", shape.Name, c.total.found, c.total.of, c.wrong, c.good)
		for _, v := range verdicts {
			shown := *show != "" && strings.Contains(v.name(), *show)
			for _, text := range v.complaints() {
				if *verbose || shown {
					fmt.Println(text)
				}
			}
			if shown {
				v.in.print(os.Stdout, v.site)
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
	table.write(file)
	if err := file.Close(); err != nil {
		log.Fatal(err)
	}
}
