// Package clirunner runs commands of a command line, which others implement,
// in the form of github.com/mitchellh/cli.
package clirunner

import (
	"context"

	_ "google.golang.org/grpc"
)

// A Command is carried out by an Adapter.
type Command interface {
	Execute(ctx context.Context) error
}

// An Adapter makes a command what the library runs.
type Adapter struct{ Command Command }

func (a *Adapter) Help() string     { return "" }
func (a *Adapter) Synopsis() string { return "" }

// Run carries the command out.
func (a *Adapter) Run(args []string) int {
	if err := a.Command.Execute(context.Background()); err != nil {
		return 1
	}
	return 0
}
