package command

import (
	"context"
	"flag"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/grpclint/grpclint/finding/visible"
	"github.com/grpclint/grpclint/internal/cache"
	"github.com/grpclint/grpclint/internal/config"
	"github.com/grpclint/grpclint/internal/lint"
)

// knowFlags say where to look for methods and service configs.
type knowFlags struct {
	dir, tags string
	modules   bool
	tests     bool
	codes     bool
	set       *flag.FlagSet
}

func (f *knowFlags) register(set *flag.FlagSet) {
	f.set = set
	set.StringVar(&f.dir, "C", ".", "run in `DIR`")
	set.StringVar(&f.tags, "tags", "", "comma-separated build `TAGS`")
	set.BoolVar(&f.modules, "modules", false, "also in the modules below")
}

// fill takes from the configuration what no flag says.
func (f *knowFlags) fill(run config.Run) {
	given := make(map[string]bool)
	f.set.Visit(func(flag *flag.Flag) { given[flag.Name] = true })
	if !given["tags"] {
		f.tags = strings.Join(run.Tags, ",")
	}
	if run.Modules != nil && !given["modules"] {
		f.modules = *run.Modules
	}
}

// know reads what the patterns name: Go packages, .proto files and service
// configs. What cannot be read is said, and no reason to know nothing.
func (f *knowFlags) know(ctx context.Context, patterns []string, stderr io.Writer) (*lint.Report, error) {
	dir, err := filepath.Abs(f.dir)
	if err != nil {
		return nil, err
	}
	c, err := config.Load(dir, "")
	if err != nil {
		return nil, err
	}
	f.fill(c.Run)
	var roots []string
	for _, root := range c.Proto.Roots {
		if !filepath.IsAbs(root) {
			root = filepath.Join(filepath.Dir(c.File), filepath.FromSlash(root))
		}
		roots = append(roots, root)
	}
	report := lint.Run(lint.Options{
		Context: ctx, Cache: cache.User(),
		Dir: dir, Patterns: patterns, Modules: f.modules, Tags: f.tags, Tests: f.tests, Policy: c, Know: true, Codes: f.codes,
		ServiceConfig: lint.ServiceConfig{GRPCGo: c.ServiceConfig.GRPCGo},
		Proto:         lint.Proto{Roots: roots},
		Notice:        func(text string) { fmt.Fprintln(stderr, "grpclint:", visible.Text(text)) },
	})
	for _, e := range report.Errors {
		switch {
		case e.Found || e.Partly != "":
			continue // the rest is known
		case e.File != "":
			fmt.Fprintln(stderr, "grpclint:", visible.Text(fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.Message)))
		default:
			fmt.Fprintln(stderr, "grpclint:", visible.Text(e.Package+e.Pattern+": "+e.Message))
		}
	}
	return report, nil
}
