package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
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
	supervised := supervise.From(ctx).Supervised() && len(flags.patterns) == 1
	if len(flags.patterns) > 0 && !supervised || flags.fix || flags.diff || flags.output != "" {
		return flagStatus(fmt.Errorf("lsp: takes no patterns, -fix, -diff or -o"), stderr)
	}
	flags.quiet = true
	here := func(ctx context.Context, request lsp.Request) (*lint.Report, error) {
		asked := *flags
		asked.dir, asked.patterns, asked.editor = request.Dir, nil, &request
		if request.Near != "" {
			asked.patterns, asked.tests, asked.modules = []string{request.Near}, request.Tests, false
		}
		s, err := analyze(ctx, &asked, stderr)
		if err != nil {
			return nil, err
		}
		return s.report, s.leaveOut(ctx)
	}
	if supervised { // of a server, which has us answer one request
		request, err := lsp.ReadRequest(flags.patterns[0])
		var report *lint.Report
		if err == nil {
			report, err = here(ctx, request)
		}
		if err := lsp.WriteReport(stdout, report, err); err != nil {
			return flagStatus(fmt.Errorf("lsp: %w", err), stderr)
		}
		return statusClean
	}
	folder, err := os.MkdirTemp("", "grpclint-lsp-")
	if err != nil {
		return flagStatus(fmt.Errorf("lsp: %w", err), stderr)
	}
	defer os.RemoveAll(folder)
	// A check has a process of its own, whose memory is given back, and
	// whose death the server survives.
	apart := func(ctx context.Context, request lsp.Request) (*lint.Report, error) {
		file := filepath.Join(folder, "request")
		if err := lsp.WriteRequest(file, request); err != nil {
			return nil, err
		}
		var out bytes.Buffer
		own := slices.DeleteFunc(slices.Clone(args), func(arg string) bool { return arg == "--" })
		job := supervise.Job{Args: slices.Concat([]string{"lsp"}, own, []string{"--", file}), Stdout: &out, Stderr: os.Stderr}
		_, err := job.Run(ctx)
		switch {
		case errors.Is(err, errors.ErrUnsupported):
			return here(ctx, request)
		case err != nil:
			return nil, err
		}
		return lsp.ReadReport(&out)
	}
	ticker := time.NewTicker(10 * time.Second)
	defer ticker.Stop()
	err = lsp.Serve(ctx, os.Stdin, os.Stdout, apart, lsp.Surroundings{Alive: supervise.Alive, Ticks: ticker.C, Rest: rest, Folder: folder})
	switch {
	case errors.Is(err, lsp.ErrNoShutdown):
		return statusNoShutdown
	case err != nil:
		return flagStatus(fmt.Errorf("lsp: %w", err), stderr)
	}
	return statusClean
}

// rest waits until nobody types for a moment.
func rest(ctx context.Context) {
	select {
	case <-ctx.Done():
	case <-time.After(moment):
	}
}

const moment = 50 * time.Millisecond

// statusNoShutdown is what the protocol wants of a server that is to exit
// without having been shut down.
const statusNoShutdown = 1
