// Package tunnel makes commands.
package tunnel

import (
	"context"
	"os/exec"
)

// To ends with the context.
func To(ctx context.Context, addr string) *exec.Cmd { return exec.CommandContext(ctx, "tunnel", addr) }

// Lasting does not.
func Lasting(ctx context.Context, addr string) *exec.Cmd {
	return exec.CommandContext(context.WithoutCancel(ctx), "tunnel", addr)
}

// Run runs a command to its end.
func Run(cmd *exec.Cmd) error { return cmd.Run() }
