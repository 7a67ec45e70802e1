// Package git runs commands. It knows nothing of gRPC.
package git

import (
	"context"
	"net/http"
	"os/exec"
)

// Run has a context, and does not pass it on.
func Run(ctx context.Context, args ...string) error { return run(ctx, args) }

func run(ctx context.Context, args []string) error {
	return exec.Command("git", args...).Run()
}

// RunWith ends with its context.
func RunWith(ctx context.Context, args ...string) error {
	return exec.CommandContext(ctx, "git", args...).Run()
}

// Fetch passes it on later.
func Fetch(ctx context.Context, url string) error {
	req, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req.WithContext(ctx))
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

// Version has no context to pass on, and always runs.
func Version() error { return exec.Command("git", "version").Run() }

// Clean runs if there is something to clean.
func Clean() error {
	if !dirty {
		return nil
	}
	return exec.Command("git", "clean").Run()
}

var dirty bool

// Request is given a context by its callers.
func Request() *http.Request {
	req, _ := http.NewRequest(http.MethodGet, "http://orders", nil)
	return req
}
