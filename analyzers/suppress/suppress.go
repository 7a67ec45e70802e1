// Package suppress checks the directives by which people silence the other
// families: that they name rules that exist, say why, and silence
// something.
package suppress

import (
	"errors"
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/grpclint/grpclint/analyzers/internal/directive"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/analyzers/internal/syntax"
	"github.com/grpclint/grpclint/rule"
)

// New returns the analyzer. It requires the analyzers of all other
// families, because only behind them is it known which directives were of
// use; being last, it also drops what they shared, and returns as its error
// what went wrong in any of them: a driver that knows only diagnostics
// would otherwise never learn of a rule that failed.
func New(families []*analysis.Analyzer) *analysis.Analyzer {
	requires := append([]*analysis.Analyzer{stub.Analyzer, program.Analyzer, syntax.Analyzer}, families...)
	check := func(run func(*pass)) func(*report.Pass) error {
		return func(p *report.Pass) error {
			if p.ResultOf[stub.Analyzer].(*stub.Index).Reaches { // else the other families had nothing to say
				run(&pass{Pass: p, families: families})
			}
			return nil
		}
	}
	a := report.Family("suppress",
		"check grpclint's directives\n\nDirectives that name no rule, give no reason or silence nothing.",
		requires,
		report.Check{Rules: []string{"suppress/unknown"}, Run: check(unknown)},
		report.Check{Rules: []string{"suppress/no-reason"}, Run: check(noReason)},
		report.Check{Rules: []string{"suppress/unused"}, Run: check(unused)},
	)
	run := a.Run
	a.Run = func(p *analysis.Pass) (any, error) {
		result, err := run(p)
		p.ResultOf[program.Analyzer].(*program.Package).Release()
		syntax.Of(p).Release()
		for _, f := range families {
			if r := resultOf(p, f); r != nil {
				err = errors.Join(err, r.Err)
			}
		}
		return result, err
	}
	return a
}

// A pass gives the rules the directives and the other families' results.
type pass struct {
	*report.Pass
	families []*analysis.Analyzer
}

// directives returns grpclint's own directives: of //nolint we know neither
// the form that its owner wants nor whether it was meant for us alone.
func (p *pass) directives() []*directive.Directive {
	all := p.ResultOf[directive.Analyzer].(*directive.Set).All()
	return slices.DeleteFunc(slices.Clone(all), func(d *directive.Directive) bool { return d.Kind == directive.NoLint })
}

// ran reports whether a rule was looked for in this package, and its
// absence therefore means something.
func (p *pass) ran(r *rule.Rule) bool {
	return slices.ContainsFunc(p.families, func(f *analysis.Analyzer) bool {
		result := resultOf(p.Pass.Pass, f)
		return result != nil && result.Err == nil && slices.Contains(result.Reported, r)
	})
}

// resultOf is nil if the family failed as a whole, in a driver that goes on
// nevertheless.
func resultOf(p *analysis.Pass, family *analysis.Analyzer) *report.Result {
	result, _ := p.ResultOf[family].(*report.Result)
	return result
}
