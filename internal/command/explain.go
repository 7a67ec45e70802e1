package command

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/grpclint/grpclint/rule"
)

// Explain prints the page of a rule, a list of the rules of a family, how a
// method is classified, or what a service config means for a method.
func Explain(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	const usage = "grpclint explain RULE | -method pkg.Service/Method [pattern ...] | -service-config FILE [-method pkg.Service/Method] [-o OUT.svg]"
	set := NewFlags("explain")
	var where knowFlags
	where.register(set)
	var timelines timelineFlags
	timelines.register(set)
	if status, done := begin(set, usage, args, stdout, stderr); done {
		return status
	}
	if timelines.method != "" && timelines.file == "" {
		report, err := where.know(ctx, set.Args(), stderr)
		if err == nil {
			err = explainMethod(timelines.method, report, stdout)
		}
		if err != nil {
			return fail(stderr, err)
		}
		return exitOK
	}
	if timelines.given() {
		if set.NArg() > 0 {
			return fail(stderr, fmt.Errorf("explain -service-config takes no other arguments, got %q", set.Arg(0)))
		}
		if err := timelines.explain(stdout); err != nil {
			return fail(stderr, err)
		}
		return exitOK
	}
	if set.NArg() != 1 {
		return fail(stderr, fmt.Errorf("explain takes one rule\nusage: %s", usage))
	}
	selector := set.Arg(0)
	rules, err := rule.Select(selector)
	if err != nil {
		return fail(stderr, err)
	}
	if r, ok := rule.Lookup(selector); ok {
		if selector != r.ID {
			fmt.Fprintf(stdout, "%s is now called %s.\n\n", selector, r.ID)
		}
		io.WriteString(stdout, explanation(r))
		return exitOK
	}
	writeRules(stdout, rules)
	fmt.Fprintf(stdout, "\ngrpclint explain %s tells more.\n", rules[0].ID)
	return exitOK
}

// explanation is a rule's page for the terminal.
func explanation(r *rule.Rule) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n\n", r.ID, r.Summary)
	fmt.Fprintf(&b, "  severity %s, %s by default, %s, since %s\n", r.Severity, onOff(r), fixText(r), r.Since)
	switch r.InTests {
	case 0:
	case rule.Off:
		b.WriteString("  not in test code\n")
	default:
		fmt.Fprintf(&b, "  at most %s in test code\n", r.InTests)
	}
	if len(r.Tags) > 0 {
		fmt.Fprintf(&b, "  tags: %s\n", strings.Join(r.Tags, ", "))
	}
	if len(r.Aliases) > 0 {
		fmt.Fprintf(&b, "  formerly: %s\n", strings.Join(r.Aliases, ", "))
	}
	fmt.Fprintf(&b, "  %s\n\n", r.URL())
	b.WriteString(plainText(r.Page(), r.URL()))
	return b.String()
}

func onOff(r *rule.Rule) string {
	if r.On {
		return "on"
	}
	return "off"
}

func fixText(r *rule.Rule) string {
	switch r.Fix {
	case rule.SuggestedFix:
		return "suggests a fix"
	case rule.SafeFix:
		return "has a safe fix"
	}
	return "no fix"
}
