package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"github.com/grpclint/grpclint/internal/lint"
	"github.com/grpclint/grpclint/internal/lsp"
	"github.com/grpclint/grpclint/internal/supervise"
)

// languageServer speaks the Language Server Protocol on standard input and
// output. Its flags are those of check; patterns and output are the
// editor's.
func languageServer(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags, err := parseFlags(args, stdout)
	if err != nil {
		return flagStatus(err, stderr)
	}
	if len(flags.patterns) > 0 || flags.fix || flags.diff || flags.output != "" {
		return flagStatus(fmt.Errorf("lsp: takes no patterns, -fix, -diff or -o"), stderr)
	}
	flags.quiet = true
	here := func(ctx context.Context, dir string) (*lint.Report, error) {
		ofFolder := *flags
		ofFolder.dir = dir
		s, err := analyze(ctx, &ofFolder, stderr)
		if err != nil {
			return nil, err
		}
		return s.report, s.leaveOut(ctx)
	}
	if supervise.From(ctx).Supervised() {
		// Of a server, which has us check one folder.
		report, err := here(ctx, flags.dir)
		if err := lsp.WriteReport(stdout, report, err); err != nil {
			return flagStatus(fmt.Errorf("lsp: %w", err), stderr)
		}
		return statusClean
	}
	// A check has a process of its own, whose memory is given back, and
	// whose death the server survives.
	apart := func(ctx context.Context, dir string) (*lint.Report, error) {
		var out bytes.Buffer
		job := supervise.Job{Args: append([]string{"lsp"}, slices.Concat(slices.DeleteFunc(slices.Clone(args), func(arg string) bool { return arg == "--" }), []string{"-C", dir})...), Stdout: &out, Stderr: os.Stderr}
		_, err := job.Run(ctx)
		switch {
		case errors.Is(err, errors.ErrUnsupported):
			return here(ctx, dir)
		case err != nil:
			return nil, err
		}
		return lsp.ReadReport(&out)
	}
	ticker := time.NewTicker(10 * time.Second)
	defer ticker.Stop()
	err = lsp.Serve(ctx, os.Stdin, os.Stdout, apart, lsp.Surroundings{Alive: supervise.Alive, Ticks: ticker.C})
	switch {
	case errors.Is(err, lsp.ErrNoShutdown):
		return statusNoShutdown
	case err != nil:
		return flagStatus(fmt.Errorf("lsp: %w", err), stderr)
	}
	return statusClean
}

// statusNoShutdown is what the protocol wants of a server that is to exit
// without having been shut down.
const statusNoShutdown = 1
