// Package serviceconfig checks the service configs that stand in Go code:
// what grpc-go would refuse at run time, silently ignore, or do otherwise
// than it says.
package serviceconfig

import (
	"cmp"
	"errors"
	"fmt"
	"go/ast"
	"go/token"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/grpclint/grpclint/analyzers/internal/configsite"
	"github.com/grpclint/grpclint/analyzers/internal/dial"
	"github.com/grpclint/grpclint/analyzers/internal/feature"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/analyzers/internal/syntax"
	"github.com/grpclint/grpclint/analyzers/internal/text"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/finding/claim"
	checker "github.com/grpclint/grpclint/protocheck/serviceconfig"
	"github.com/grpclint/grpclint/rule"
)

// Analyzer runs the rules of the family.
var Analyzer = newAnalyzer()

// versionFlag names the grpc-go whose verdict counts.
const versionFlag = "grpc-go"

func newAnalyzer() *analysis.Analyzer {
	a := report.Family("serviceconfig",
		"check gRPC service configs in Go strings\n\nConfigs that grpc-go refuses, ignores in part, or acts on otherwise than written.",
		[]*analysis.Analyzer{stub.Analyzer, configsite.Analyzer, dial.Analyzer, feature.Analyzer, program.Analyzer, syntax.Analyzer},
		report.Check{Rules: ids(), Run: texts},
		report.Check{Rules: optionRules, Run: options},
	)
	a.Flags.String(versionFlag, "", "`version` of grpc-go to judge service configs by (default: the one that the package is built with)")
	return a
}

// ids are the rules that judge a config's text.
func ids() []string {
	var ids []string
	for _, r := range rule.Family("serviceconfig") {
		if !slices.Contains(optionRules, r.ID) {
			ids = append(ids, r.ID)
		}
	}
	return ids
}

// texts checks each known config once, however many calls it reaches.
func texts(pass *report.Pass) error {
	index := pass.ResultOf[stub.Analyzer].(*stub.Index)
	if index.Reaches {
		pass.Program.Methods = known(pass, true)
	}
	features := pass.ResultOf[feature.Analyzer].(*feature.Features)
	pass.ClaimIf(features.Balancers, claim.RegistersBalancer)
	sites := pass.ResultOf[configsite.Analyzer].([]configsite.Site)
	if len(sites) == 0 && len(pass.ResultOf[dial.Analyzer].(*dial.Info).Lists) == 0 {
		return nil
	}
	retry, methods := findRetryOptions(pass), known(pass, false)
	pass.Claim(claim.DisablesRetry, retry.disables...)
	seen, reported := make(map[string][]*text.Text), make(map[flaw]bool)
	for _, site := range sites {
		for i := range site.Texts {
			t := &site.Texts[i]
			if slices.ContainsFunc(seen[string(t.Bytes)], t.Equal) {
				continue
			}
			seen[string(t.Bytes)] = append(seen[string(t.Bytes)], t)
			if err := check(pass, site, t, retry, methods, reported); err != nil {
				return err
			}
		}
		for _, c := range site.Cases {
			if err := checkCase(pass, site, c, retry, methods, reported); err != nil {
				return err
			}
		}
	}
	return nil
}

// A flaw is what one rule says of one place, which may be part of several
// configs.
type flaw struct {
	rule string
	pos  token.Pos
}

// judge returns what there is to say of one text.
func judge(pass *report.Pass, site configsite.Site, t *text.Text, retry *retryOptions, methods *checker.Methods) ([]finding.Finding, checker.Options, error) {
	options := checker.Options{
		GRPCGo:  pass.ResultOf[stub.Analyzer].(*stub.Index).Version,
		Dialect: checker.Runtime,
		Methods: methods,
		OnlyGo:  true,
	}
	if configured := pass.Analyzer.Flags.Lookup(versionFlag).Value.String(); configured != "" {
		options.GRPCGo = configured
	}
	retry.apply(site.Call, &options)
	findings, err := checker.CheckSpans(func(start, end int) (token.Pos, token.Pos) {
		pos, last := t.Range(start, end)
		if !pos.IsValid() {
			return site.Arg.Pos(), site.Arg.End() // of another package, or empty
		}
		return pos, last
	}, t.Bytes, options)
	var syntax *checker.SyntaxError
	if errors.As(err, &syntax) {
		err = nil // others are options that make no sense
	}
	for i := range findings {
		if f := &findings[i]; f.End <= f.Pos {
			f.End = f.Pos + 1
		}
	}
	return findings, options, err
}

func check(pass *report.Pass, site configsite.Site, t *text.Text, retry *retryOptions, methods *checker.Methods, reported map[flaw]bool) error {
	findings, options, err := judge(pass, site, t, retry, methods)
	if err != nil {
		return err
	}
	if config, err := checker.Read(t.Bytes, options); err == nil {
		pos, _ := t.Range(0, len(t.Bytes))
		if !pos.IsValid() {
			pos = site.Arg.Pos()
		}
		pass.Program.Configs = append(pass.Program.Configs, report.ServiceConfig{Config: config, Pos: pos})
	}
	for _, f := range findings {
		f.Fixes = writable(pass, t, f.Fixes)
		if f.Rule.ID == "serviceconfig/unknown-balancer" {
			if known := pass.ResultOf[feature.Analyzer].(*feature.Features); known.Balancers || !known.Complete {
				continue // it may be the program's own
			}
			registered := claim.Unless(claim.RegistersBalancer)
			registered.By = claim.Anyone
			f.StandsOn = append(f.StandsOn, registered)
		}
		if f.Rule.ID == "serviceconfig/unsafe-retry" || f.Rule.ID == "serviceconfig/stream-retry" {
			at := finding.RemoteAt(pass.Fset, pass.Pkg.Path(), site.Call.Lparen, site.Call.Lparen)
			f.StandsOn = append(f.StandsOn, claim.Unless(claim.DisablesRetry, keyOf(at)))
		}
		if k := (flaw{f.Rule.ID, f.Pos}); f.Rule.Family() == "serviceconfig" && !reported[k] { // health has an analyzer of its own
			reported[k] = true
			pass.Report(f.Rule.ID, f)
		}
	}
	return nil
}

// checkCase reports what grpc-go refuses of a text with a number in it that is
// not known: whatever that is, or if it is the last that the code lets through.
func checkCase(pass *report.Pass, site configsite.Site, c text.Case, retry *retryOptions, methods *checker.Methods, reported map[flaw]bool) error {
	number := cmp.Or(c.Name, "the number in it")
	when := fmt.Sprintf("when %s is %d", number, c.Is)
	if c.Every {
		when = "whatever " + number + " is"
	}
	var common []finding.Finding
	for i := range c.Texts {
		findings, _, err := judge(pass, site, &c.Texts[i], retry, methods)
		if err != nil {
			return err
		}
		findings = slices.DeleteFunc(findings, func(f finding.Finding) bool {
			return f.Effect != finding.Rejected || c.Pos.IsValid() && f.Pos != c.Pos
		})
		if i == 0 {
			common = findings
		}
		common = slices.DeleteFunc(common, func(f finding.Finding) bool {
			return !slices.ContainsFunc(findings, func(g finding.Finding) bool { return g.Rule == f.Rule && g.Pos == f.Pos })
		})
	}
	for _, f := range common {
		const refuses = "grpc-go refuses the config"
		why, ok := strings.CutPrefix(f.Message, refuses)
		if k := (flaw{f.Rule.ID, f.Pos}); !ok || reported[k] {
			continue
		} else {
			reported[k] = true
		}
		f.Message, f.Fixes = fmt.Sprintf("%s %s%s", refuses, when, why), nil
		pass.Report(f.Rule.ID, f)
	}
	return nil
}

// writable rewrites fixes of a config's text for the literal that it stands
// in. A fix that reaches across literals, or into a file, is dropped.
func writable(pass *report.Pass, t *text.Text, fixes []finding.Fix) []finding.Fix {
	var kept []finding.Fix
	for _, fix := range fixes {
		edits := make([]finding.Edit, 0, len(fix.Edits))
		for _, e := range fix.Edits {
			lit := literalAt(pass, e.Pos, e.End)
			if lit == nil || !t.Together(e.Pos, e.End) {
				break
			}
			if lit.Value[0] == '`' {
				if strings.Contains(e.NewText, "`") {
					break
				}
			} else {
				quoted := strconv.Quote(e.NewText)
				e.NewText = quoted[1 : len(quoted)-1]
			}
			edits = append(edits, e)
		}
		if len(edits) == len(fix.Edits) {
			fix.Edits = edits
			kept = append(kept, fix)
		}
	}
	return kept
}

// literalAt returns the string literal around an edit.
func literalAt(pass *report.Pass, pos, end token.Pos) *ast.BasicLit {
	lit, ok := syntax.Of(pass.Pass).At(pos).(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING || pos <= lit.Pos() || lit.End() <= end {
		return nil
	}
	return lit
}
