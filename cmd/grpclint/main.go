// The grpclint command finds mistakes in the use of gRPC.
package main

import (
	"io"
	"os"
	"slices"

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
		switch args[0] {
		case "help":
			args = append(slices.Clone(args[1:]), "-help")
		case "-version", "--version":
			args[0] = "version"
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
	name  string
	about string
	run   func(args []string, stdout, stderr io.Writer) int
}

// commands lists the subcommands.
func commands() []subcommand {
	return []subcommand{
		{"baseline", "write, check or prune the list of findings that are known", baselines},
		{"check", "find mistakes; this is what runs without a command", check},
		{"codes", "list the status codes that handlers return", command.Codes},
		{"config", "print the effective configuration, or the same as flags for go vet", command.Config},
		{"coverage", "list methods with their deadlines and retries", command.Coverage},
		{"explain", "print the page of a rule, what a method is, or what a service config means", command.Explain},
		{"lsp", "serve an editor by the Language Server Protocol", languageServer},
		{"rules", "list every rule", command.Rules},
		{"run", "another name of check", check},
		{"version", "print which grpclint this is", command.Version},
	}
}
