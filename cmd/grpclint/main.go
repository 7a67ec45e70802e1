// The grpclint command finds mistakes in the use of gRPC.
package main

import (
	"io"
	"os"

	"github.com/grpclint/grpclint/internal/command"
)

func main() {
	growHeap()
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// run only chooses the mode.
func run(args []string, stdout, stderr io.Writer) int {
	if isVetTool(args) {
		vetTool() // does not return
	}
	if len(args) > 0 {
		if args[0] == "help" {
			args = []string{"-help"}
		}
		for _, c := range commands() {
			if c.name == args[0] {
				return c.run(args[1:], stdout, stderr)
			}
		}
	}
	return check(args, stdout, stderr)
}

// A subcommand is named by the first argument.
type subcommand struct {
	name string
	run  func(args []string, stdout, stderr io.Writer) int
}

// commands lists the subcommands.
func commands() []subcommand {
	return []subcommand{
		{"baseline", baselines},
		{"check", check},
		{"codes", command.Codes},
		{"config", command.Config},
		{"coverage", command.Coverage},
		{"explain", command.Explain},
		{"lsp", languageServer},
		{"rules", command.Rules},
		{"version", command.Version},
	}
}
