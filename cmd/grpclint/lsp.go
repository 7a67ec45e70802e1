package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/grpclint/grpclint/internal/lint"
	"github.com/grpclint/grpclint/internal/lsp"
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
	check := func(dir string) (*lint.Report, error) {
		ofFolder := *flags
		ofFolder.dir = dir
		s, err := analyze(ctx, &ofFolder, stderr)
		if err != nil {
			return nil, err
		}
		return s.report, s.leaveOut(ctx)
	}
	if err := lsp.Serve(os.Stdin, os.Stdout, check); err != nil {
		return flagStatus(fmt.Errorf("lsp: %w", err), stderr)
	}
	return statusClean
}
