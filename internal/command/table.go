package command

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/grpclint/grpclint/finding/say"
	"github.com/grpclint/grpclint/finding/visible"
	"github.com/grpclint/grpclint/internal/lint"
)

// A tableCommand prints something about each RPC method of a program.
type tableCommand struct {
	name    string
	where   knowFlags
	formats []tableFormat // the first if none is asked for
}

type tableFormat struct {
	name  string
	write func(io.Writer, *lint.Report) error
}

// run is the command, without its name.
func (c *tableCommand) run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	set := NewFlags(c.name)
	c.where.register(set)
	var names []string
	for _, f := range c.formats {
		names = append(names, f.name)
	}
	format := set.String("format", names[0], "write `FORMAT`: "+say.Or(names))
	if status, done := begin(set, "grpclint "+c.name+" [flags] [pattern ...]", args, stdout, stderr); done {
		return status
	}
	i := slices.Index(names, *format)
	if i < 0 {
		return fail(stderr, fmt.Errorf("unknown format %q (known: %s)", *format, strings.Join(names, ", ")))
	}
	report, err := c.where.know(ctx, set.Args(), stderr)
	if err != nil {
		return fail(stderr, err)
	}
	if err := c.formats[i].write(stdout, report); err != nil {
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

// classText says what class a method has.
func classText(class string, doubt bool, streams string) string {
	if class == "" {
		return "-"
	}
	if doubt {
		class += "?"
	}
	if streams != "" {
		class += ", stream"
	}
	return class
}

// noMethods is a table without rows.
func noMethods(w io.Writer) error {
	_, err := fmt.Fprintln(w, "no RPC methods: there are neither .proto files with services nor Go code that calls one")
	return err
}
