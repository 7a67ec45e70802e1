package serviceconfig_test

import (
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/grpclint/grpclint/protocheck/serviceconfig"
)

var update = flag.Bool("update", false, "write what the checker says into testdata")

// testdata/verdicts.txt has a config per line, options before it in
// brackets, and below it what is said about it: the bytes in question, the
// rule, its effect and severity, the message, and the config as the fix
// leaves it. Every config without options is held against grpc-go, too.
func TestVerdicts(t *testing.T) {
	verdicts(t, "testdata/verdicts.txt", plain)
}

// testdata/joined.txt is the same for configs that are judged together with
// the methods of [shop].
func TestJoinedVerdicts(t *testing.T) {
	opts := plain
	opts.Methods = shop()
	opts.Health = []serviceconfig.ServedHealth{
		{Service: "shop.v1.Order", Registers: true},
		{Service: "shop.v1.Stock"},
		{Service: "shop.v1.Pay", Registers: true}, {Service: "shop.v1.Pay", Registers: true, Says: true},
	}
	verdicts(t, "testdata/joined.txt", opts)
}

func verdicts(t *testing.T, name string, base serviceconfig.Options) {
	golden, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	for line := range strings.Lines(string(golden)) {
		line = strings.TrimSuffix(line, "\n")
		if strings.HasPrefix(line, "#") || line == "" {
			fmt.Fprintln(&got, line)
			continue
		}
		if strings.HasPrefix(line, "    ") {
			continue // written anew
		}
		fmt.Fprintln(&got, line)
		config, opts := line, base
		if strings.HasPrefix(line, "(") {
			options, rest, _ := strings.Cut(line[1:], ") ")
			config, opts = rest, optionsOf(t, options, base)
		}
		if strings.HasPrefix(config, "`") { // a Go string with escapes
			config = strings.Trim(config, "`")
			if config, err = strconv.Unquote(config); err != nil {
				t.Fatalf("%s: %v", line, err)
			}
		}
		if opts.GRPCGo == "" && opts.Balancers != nil && opts.Dialect == serviceconfig.Runtime && !opts.Choices {
			oracle.Compare(t, config, opts)
		}
		file, findings := check(t, "config.json", config, opts)
		invariants(t, file, config, findings)
		for _, f := range findings {
			at := config[file.Offset(f.Pos):file.Offset(f.End)]
			fmt.Fprintf(&got, "    %s  %s %s %v\n        %s\n", oneLine(at), f.Rule.Name(), f.Effect, f.EffectiveSeverity(), f.Message)
			for _, r := range f.Related {
				fmt.Fprintf(&got, "        %s: %s at %d\n", r.Message, oneLine(config[file.Offset(r.Pos):file.Offset(r.End)]), file.Offset(r.Pos))
			}
			for _, fix := range f.Fixes {
				safe := ""
				if fix.Safe {
					safe = " (safe)"
				}
				fmt.Fprintf(&got, "        %s%s: %s\n", fix.Message, safe, oneLine(apply(file, config, fix)))
			}
		}
	}
	if *update {
		if err := os.WriteFile(name, []byte(got.String()), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	wanted := strings.Split(string(golden), "\n")
	for i, line := range strings.Split(got.String(), "\n") {
		if i >= len(wanted) || line != wanted[i] {
			t.Fatalf("%s:%d: the checker says\n%s\nread what changed after\n\tgo test ./protocheck/serviceconfig -run Verdicts -update", name, i+1, line)
		}
	}
}

// oneLine shows a piece of a config.
func oneLine(s string) string {
	if strings.ContainsAny(s, "\n\x00") || strings.ToValidUTF8(s, "") != s || strings.Contains(s, "\ufeff") {
		return strconv.QuoteToASCII(s)
	}
	return s
}

// optionsOf reads "1.69 gapic attempts=10 no-retry all-balancers".
func optionsOf(t *testing.T, text string, base serviceconfig.Options) serviceconfig.Options {
	t.Helper()
	opts := base
	for _, word := range strings.Fields(text) {
		switch key, value, _ := strings.Cut(word, "="); {
		case word == "gapic":
			opts.Dialect = serviceconfig.GAPIC
		case word == "choices":
			opts.Choices = true
		case word == "no-retry":
			opts.DisableRetry = true
		case word == "all-balancers":
			opts.Balancers = nil
		case key == "attempts":
			n, err := strconv.Atoi(value)
			if err != nil {
				t.Fatal(err)
			}
			opts.MaxCallAttempts = n
		default:
			opts.GRPCGo = word
		}
	}
	return opts
}
