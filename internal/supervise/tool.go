package supervise

import (
	"context"
	"os/exec"
)

// A Tool is another program that runs for us. It ends, with all that it has
// started, if its context is cancelled, and this process not before.
type Tool struct {
	*exec.Cmd
	ctx context.Context
}

// NewTool is as [exec.CommandContext].
func NewTool(ctx context.Context, name string, args ...string) *Tool {
	cmd := exec.CommandContext(ctx, name, args...)
	together(cmd)
	return &Tool{cmd, ctx}
}

// Run is as [exec.Cmd.Run].
func (t *Tool) Run() error {
	defer Hold(t.ctx)()
	return t.Cmd.Run()
}

// Output is as [exec.Cmd.Output].
func (t *Tool) Output() ([]byte, error) {
	defer Hold(t.ctx)()
	return t.Cmd.Output()
}
