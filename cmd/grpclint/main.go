// The grpclint command finds mistakes in the use of gRPC.
package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"slices"

	"github.com/grpclint/grpclint/finding/visible"
	"github.com/grpclint/grpclint/internal/command"
	"github.com/grpclint/grpclint/internal/supervise"
)

func main() {
	args := os.Args[1:]
	switch {
	case isVetTool(args):
		growHeap()
		vetTool() // does not return
	case len(args) > 0 && unwatched(args[0]) && !supervise.IsWorker():
		os.Exit(run(context.Background(), args, os.Stdout, os.Stderr))
	}
	os.Exit(supervise.Main(func(ctx context.Context, stderr io.Writer) int {
		growHeap()
		return run(ctx, args, os.Stdout, stderr)
	}))
}

// unwatched reports whether nobody need watch over a command.
func unwatched(command string) bool {
	return slices.ContainsFunc(commands(), func(c subcommand) bool { return c.name == command && c.unwatched })
}

// run only chooses the command.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	if len(args) > 0 {
		switch args[0] {
		case "help":
			args = append(slices.Clone(args[1:]), "-help")
		case "-version", "--version":
			args[0] = "version"
		}
		for _, c := range commands() {
			if c.name == args[0] {
				return c.run(ctx, args[1:], stdout, visible.Writer{W: stderr})
			}
		}
	}
	return check(ctx, args, stdout, visible.Writer{W: stderr})
}

// A subcommand is named by the first argument.
type subcommand struct {
	name      string
	about     string
	unwatched bool // it analyses nothing, or watches over that itself
	run       runner
}

// A runner returns the exit status.
type runner func(ctx context.Context, args []string, stdout, stderr io.Writer) int

// readable makes what a command prints, which is never much, visible.
func readable(run runner) runner {
	return func(ctx context.Context, args []string, stdout, stderr io.Writer) int {
		var text bytes.Buffer
		status := run(ctx, args, &text, stderr)
		io.WriteString(stdout, visible.Lines(text.String()))
		return status
	}
}

// commands lists the subcommands.
func commands() []subcommand {
	return []subcommand{
		{"baseline", "write, check or prune the list of findings that are known", false, baselines},
		{"cache", "print the size of the cache, or empty it", true, readable(command.Cache)},
		{"check", "find mistakes; this is what runs without a command", false, check},
		{"codes", "list the status codes that handlers return", false, readable(command.Codes)},
		{"config", "print the effective configuration, or the same as flags for go vet", true, readable(command.Config)},
		{"coverage", "list methods with their deadlines and retries", false, readable(command.Coverage)},
		{"explain", "print the page of a rule, what a method is, or what a service config means", false, readable(command.Explain)},
		{"graph", "list or draw who calls which RPC methods", false, readable(command.Graph)},
		{"lsp", "serve an editor by the Language Server Protocol", true, languageServer},
		{"rules", "list every rule", true, command.Rules},
		{"run", "another name of check", false, check},
		{"version", "print which grpclint this is", true, command.Version},
	}
}
