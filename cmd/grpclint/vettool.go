package main

import (
	"strings"

	"golang.org/x/tools/go/analysis/unitchecker"

	"github.com/grpclint/grpclint/analyzers"
)

// isVetTool reports whether the go command runs us for go vet -vettool or
// go fix -fixtool: it first asks for a version and for flags, and then has
// one compilation unit checked at a time.
func isVetTool(args []string) bool {
	if len(args) == 0 {
		return false
	}
	if len(args) == 1 && (args[0] == "-V=full" || args[0] == "-flags") {
		return true
	}
	return strings.HasSuffix(args[len(args)-1], ".cfg")
}

// vetTool does not return.
func vetTool() { unitchecker.Main(analyzers.All()...) }
