package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/grpclint/grpclint/finding/visible"
	"github.com/grpclint/grpclint/internal/fix"
	"github.com/grpclint/grpclint/internal/format"
	"github.com/grpclint/grpclint/internal/lint"
	"github.com/grpclint/grpclint/internal/supervise"
	"github.com/grpclint/grpclint/internal/wholefile"
	"github.com/grpclint/grpclint/rule"
)

// Exit statuses.
const (
	statusClean    = 0
	statusFindings = 1
	statusBroken   = 2 // something could not be analysed
)

// check analyses packages and service configs, and reports what it finds.
func check(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags, err := parseFlags(args, stdout)
	if err != nil {
		return flagStatus(err, stderr)
	}
	return checkWith(ctx, flags, stdout, stderr)
}

// flagStatus tells what is wrong with the flags.
func flagStatus(err error, stderr io.Writer) int {
	if errors.Is(err, flag.ErrHelp) {
		return statusClean
	}
	fmt.Fprintln(stderr, "grpclint:", err)
	return statusBroken
}

func checkWith(ctx context.Context, flags *checkFlags, stdout, stderr io.Writer) int {
	s, err := analyze(ctx, flags, stderr)
	if err != nil {
		return s.complain(err)
	}
	report := s.report
	if err := s.leaveOut(ctx); err != nil {
		return s.complain(err)
	}
	var diff string
	if flags.fix || flags.diff {
		diff = applyFixes(ctx, report, flags, s.notice)
	}
	s.printErrors()
	if flags.diff {
		if err := writeTo(flags, s.dir, stdout, func(w io.Writer) error {
			if isTerminal(w) { // elsewhere it is to be applied as it is
				diff = visible.Lines(diff)
			}
			_, err := io.WriteString(w, diff)
			return err
		}); err != nil {
			return s.complain(err)
		}
		return status(report, diff != "")
	}
	shown := report
	if flags.format.Repository {
		shown = report.Within(s.pathPrefix())
	}
	if err := writeTo(flags, s.dir, stdout, func(w io.Writer) error {
		return flags.format.Write(w, shown, format.Options{Brief: flags.quiet, Color: colors(flags.color, w)})
	}); err != nil {
		return s.complain(err)
	}
	if report.Stats.GRPCPackages == 0 && report.Stats.Packages > 0 && flags.format.Name != "text" && !flags.quiet {
		fmt.Fprintln(stderr, "grpclint:", format.Usage(report.Stats))
	}
	return status(report, report.Failed)
}

// nearestCommand names the commands if the first word may be meant as one.
func nearestCommand(words []string) string {
	if len(words) == 0 || strings.ContainsAny(words[0], "./\\") {
		return ""
	}
	var names []string
	for _, c := range commands() {
		names = append(names, c.name)
	}
	near := rule.NearestOf(words[0], names)
	if near == "" {
		return ""
	}
	return strings.Join(names, ", ") + " (nearest: " + near + ")"
}

func status(report *lint.Report, failed bool) int {
	switch {
	case slices.ContainsFunc(report.Errors, func(e lint.Error) bool { return !e.Found }):
		return statusBroken
	case failed:
		return statusFindings
	}
	return statusClean
}

// applyFixes applies the safe fixes and takes what they fix out of the
// report; with -diff it only returns what would change.
func applyFixes(ctx context.Context, report *lint.Report, flags *checkFlags, notice func(string)) (diff string) {
	plan := fix.Make(report.Findings, fix.Safe, fix.ReadFile)
	if plan.Waiting > 0 {
		notice(fmt.Sprintf("fixes that contradict others and have to wait for another run: %d", plan.Waiting))
	}
	if flags.diff {
		diff = plan.Diff()
	} else {
		defer supervise.Hold(ctx)() // or something is left beside a file
		plan.Write()
	}
	for _, f := range plan.Failures {
		report.Errors = append(report.Errors, lint.Error{File: f.Name, Message: "not fixed: " + f.Reason})
	}
	if len(plan.Fixed) > 0 && !flags.diff {
		report.Drop(plan.Fixed)
		notice(fmt.Sprintf("fixed %d of the findings in %d files", len(plan.Fixed), len(plan.Files)))
	}
	return diff
}

// workingDir returns the absolute folder to work in.
func workingDir(dir string) (string, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	info, err := os.Stat(abs)
	if err != nil {
		return "", fmt.Errorf("-C %s: %w", dir, errors.Unwrap(err))
	}
	if !info.IsDir() {
		return "", fmt.Errorf("-C %s: not a folder", dir)
	}
	return abs, nil
}

// errorLine is an error as compilers write them.
func errorLine(e lint.Error) string {
	place := e.File
	if e.Line > 0 {
		place += fmt.Sprintf(":%d", e.Line)
		if e.Column > 0 {
			place += fmt.Sprintf(":%d", e.Column)
		}
	}
	line := e.Message
	if e.Package != "" {
		line = e.Package + ": " + line
	} else if e.Pattern != "" {
		line = e.Pattern + ": " + line
	}
	if place != "" {
		line = place + ": " + line
	}
	return line
}

// writeTo writes to standard output or to the file of -o, which is complete
// or not touched.
func writeTo(flags *checkFlags, dir string, stdout io.Writer, write func(io.Writer) error) error {
	if flags.output == "" {
		return write(stdout)
	}
	var buf bytes.Buffer
	if err := write(&buf); err != nil {
		return err
	}
	file := flags.output
	if !filepath.IsAbs(file) {
		file = filepath.Join(dir, file)
	}
	return wholefile.Write(file, buf.Bytes())
}
