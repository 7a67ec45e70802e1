package command

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/grpclint/grpclint/finding/say"
	"github.com/grpclint/grpclint/finding/visible"
	"github.com/grpclint/grpclint/internal/lint"
)

// A tableCommand prints something about each RPC method of a program.
type tableCommand struct {
	name       string
	where      knowFlags
	text, json func(io.Writer, *lint.Report) error
	more       map[string]func(io.Writer, *lint.Report) error // other formats, by name
}

// run is the command, without its name.
func (c *tableCommand) run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	set := NewFlags(c.name)
	c.where.register(set)
	formats := map[string]func(io.Writer, *lint.Report) error{"text": c.text, "json": c.json}
	maps.Copy(formats, c.more)
	names := append([]string{"text", "json"}, slices.Sorted(maps.Keys(c.more))...)
	format := set.String("format", "text", "write `FORMAT`: "+say.Or(names))
	if status, done := begin(set, "grpclint "+c.name+" [flags] [pattern ...]", args, stdout, stderr); done {
		return status
	}
	write, known := formats[*format]
	if !known {
		return fail(stderr, fmt.Errorf("unknown format %q (known: %s)", *format, strings.Join(names, ", ")))
	}
	report, err := c.where.know(ctx, set.Args(), stderr)
	if err != nil {
		return fail(stderr, err)
	}
	if err := write(stdout, report); err != nil {
		return fail(stderr, err)
	}
	if slices.ContainsFunc(report.Errors, func(e lint.Error) bool { return !e.Found && e.Partly == "" }) {
		return exitBad
	}
	return exitOK
}

// row writes the cells of one row.
func row(table io.Writer, cells ...string) {
	for i := range cells {
		cells[i] = visible.Text(cells[i])
	}
	fmt.Fprintln(table, strings.Join(cells, "\t"))
}

// noMethods is a table without rows.
func noMethods(w io.Writer) error {
	_, err := fmt.Fprintln(w, "no RPC methods: there are neither .proto files with services nor Go code that calls one")
	return err
}
