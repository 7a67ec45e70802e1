package command

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/grpclint/grpclint/rule"
)

// Rules prints every rule with its metadata.
func Rules(_ context.Context, args []string, stdout, stderr io.Writer) int {
	set := NewFlags("rules")
	format := set.String("format", "text", "text or json")
	if status, done := begin(set, "grpclint rules [-format=text|json]", args, stdout, stderr); done {
		return status
	}
	if set.NArg() > 0 {
		return fail(stderr, fmt.Errorf("rules takes no arguments, got %q", set.Arg(0)))
	}
	switch *format {
	case "text":
		writeRules(stdout, rule.All())
	case "json":
		writeRulesJSON(stdout, rule.All())
	default:
		return fail(stderr, fmt.Errorf("unknown format %q (known: text, json)", *format))
	}
	return exitOK
}

func writeRules(out io.Writer, rules []*rule.Rule) {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "RULE\tSEVERITY\tDEFAULT\tFIX\tSUMMARY")
	for _, r := range rules {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", r.ID, r.Severity, onOff(r), r.Fix, r.Summary)
	}
	table.Flush()
}

// ruleJSON is a rule in the output of rules -format=json. Fields are only
// ever added.
type ruleJSON struct {
	ID       string   `json:"id"`
	Summary  string   `json:"summary"`
	Severity string   `json:"severity"`
	Default  string   `json:"default"` // "on" or "off"
	Tests    string   `json:"tests"`   // severity in test code, at most, or "off"
	Tags     []string `json:"tags"`
	Since    string   `json:"since"`
	Fix      string   `json:"fix"`
	URL      string   `json:"url"`
	Aliases  []string `json:"aliases"`
}

func writeRulesJSON(out io.Writer, rules []*rule.Rule) {
	document := struct {
		Version int        `json:"version"`
		Rules   []ruleJSON `json:"rules"`
	}{Version: 1, Rules: []ruleJSON{}}
	for _, r := range rules {
		document.Rules = append(document.Rules, ruleJSON{
			ID:       r.ID,
			Summary:  r.Summary,
			Severity: r.Severity.String(),
			Default:  onOff(r),
			Tests:    cmp.Or(r.InTests, r.Severity).String(),
			Tags:     append([]string{}, r.Tags...), // [] and not null
			Since:    r.Since,
			Fix:      r.Fix.String(),
			URL:      r.URL(),
			Aliases:  append([]string{}, r.Aliases...),
		})
	}
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", " ")
	encoder.Encode(document) // strings only: fails with the writer, if at all
}
