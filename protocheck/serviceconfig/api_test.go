package serviceconfig_test

import (
	"errors"
	"go/token"
	"strings"
	"testing"

	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/protocheck/serviceconfig"
	"github.com/grpclint/grpclint/rule"
)

func TestCheckErrors(t *testing.T) {
	file := token.NewFileSet().AddFile("a.json", -1, 2)
	tests := []struct {
		name, src string
		opts      serviceconfig.Options
		want      string
	}{
		{"another size", "{ }", serviceconfig.Options{}, "a.json has 2 bytes, not 3"},
		{"no version", "{}", serviceconfig.Options{GRPCGo: "latest"}, `"latest" is no version of grpc-go (such as "1.85.0")`},
		{"half a version", "{}", serviceconfig.Options{GRPCGo: "1"}, `"1" is no version of grpc-go (such as "1.85.0")`},
		{"a negative version", "{}", serviceconfig.Options{GRPCGo: "1.-2"}, `"1.-2" is no version of grpc-go (such as "1.85.0")`},
		{"no dialect", "{}", serviceconfig.Options{Dialect: 7}, "unknown dialect Dialect(7)"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			findings, err := serviceconfig.Check(file, []byte(test.src), test.opts)
			if err == nil || err.Error() != test.want || findings != nil {
				t.Errorf("error %v, want %s; %d findings", err, test.want, len(findings))
			}
		})
	}
}

// What is no JSON is a finding, so that it is shown where all others are,
// and an error, so that a caller may end with another status.
func TestSyntaxErrorAndFinding(t *testing.T) {
	file := token.NewFileSet().AddFile("a.json", -1, 1)
	findings, err := serviceconfig.Check(file, []byte("{"), serviceconfig.Options{})
	var syntax *serviceconfig.SyntaxError
	if !errors.As(err, &syntax) || syntax.Offset != 1 {
		t.Errorf("error %#v", err)
	}
	if len(findings) != 1 || findings[0].Rule.ID != "serviceconfig/rejected" || findings[0].Effect != finding.Rejected || !strings.HasSuffix(findings[0].Message, err.Error()) {
		t.Errorf("findings %+v", findings)
	}
}

func TestVersions(t *testing.T) {
	// Refused since 1.70.
	const config = `{"methodConfig":[{"name":[{}],"retryPolicy":{}}]}`
	for version, want := range map[string]finding.Effect{
		"": finding.Rejected, "1.85.0": finding.Rejected, "v1.70.0": finding.Rejected, "1.70": finding.Rejected, "1.999.0": finding.Rejected, "2.0.0": finding.Rejected,
		"1.69.4": finding.Ignored, "1.69.0-dev": finding.Ignored, "v1.20.0": finding.Ignored,
	} {
		_, findings := check(t, "a.json", config, serviceconfig.Options{GRPCGo: version})
		if len(findings) != 1 || findings[0].Effect != want {
			t.Errorf("version %q: %+v", version, findings)
		}
	}
}

func TestDialects(t *testing.T) {
	for name, want := range map[string]serviceconfig.Dialect{
		"a/b/library_grpc_service_config.json": serviceconfig.GAPIC,
		"service_config.json":                  serviceconfig.Runtime,
		"grpc_service_config.json":             serviceconfig.Runtime,
		"main.go":                              serviceconfig.Runtime,
	} {
		if got := serviceconfig.DialectOf(name); got != want {
			t.Errorf("%s is %v", name, got)
		}
	}
	for _, name := range []string{"auto", "runtime", "gapic"} {
		if d, err := serviceconfig.ParseDialect(name); err != nil || d.String() != name {
			t.Errorf("%s is %v, %v", name, d, err)
		}
	}
	if _, err := serviceconfig.ParseDialect("go"); err == nil {
		t.Error("an unknown dialect is known")
	}
}

// The same finding has the same names when lines move, and others have
// others.
func TestIdentity(t *testing.T) {
	const config = `{"methodConfig":[{"name":[{"service":"a.S","method":"M"},{"service":"b.S"}],"timeout":"0s",
		"retryPolicy":{"maxAttempts":2,"initialBackoff":"1s","maxBackoff":"1s","backoffMultiplier":1,"retryableStatusCodes":["OK","ABORTED"]}}],
		"retryThrottling":{"maxTokens":10,"tokenRatio":7}}`
	_, findings := check(t, "a.json", config, serviceconfig.Options{})
	var got []string
	for _, f := range findings {
		got = append(got, f.Rule.Name()+" | "+f.Decl+" | "+f.Subject)
	}
	want := []string{
		"zero-timeout | a.S/M | methodConfig.timeout",
		"ok-code | a.S/M | methodConfig.retryPolicy.retryableStatusCodes.OK",
		"retry-code | a.S/M | methodConfig.retryPolicy.retryableStatusCodes.ABORTED",
		"throttling |  | retryThrottling.tokenRatio",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// A config in another file, every byte of which is written as two.
func TestCheckSpans(t *testing.T) {
	const config = `{"methodConfig":[{"name":[{}],"timeout":"1m"}]}`
	at := strings.Index(config, `"1m"`)
	span := func(start, end int) (token.Pos, token.Pos) { return token.Pos(100 + 2*start), token.Pos(100 + 2*end) }
	findings, err := serviceconfig.CheckSpans(span, []byte(config), serviceconfig.Options{})
	if err != nil || len(findings) != 1 {
		t.Fatal(err, findings)
	}
	f := findings[0]
	if f.Pos != token.Pos(100+2*at) || f.End != f.Pos+8 || f.Fixes[0].Edits[0].Pos != f.Pos || f.Fixes[0].Edits[0].End != f.End {
		t.Errorf("finding %+v", f)
	}
}

func TestFormOf(t *testing.T) {
	for src, want := range map[string]serviceconfig.Form{
		`{"methodConfig": 1`:                       serviceconfig.Document,
		` {"x": {"y": []}, "loadBalancingPolicy":`: serviceconfig.Document,
		`{"retry_throttling": {}}`:                 serviceconfig.Document,
		`{"name": "x", "timeout": "1s"}`:           serviceconfig.Other,
		`{"x": methodConfig}`:                      serviceconfig.Other,
		`{"x": {"methodConfig": []}}`:              serviceconfig.Other,
		`{}`:                                       serviceconfig.Other,
		``:                                         serviceconfig.Other,
		`methodConfig: []`:                         serviceconfig.Other,
		`[{"percentage": 1, "serviceConfig": {`:    serviceconfig.ChoiceList,
		`grpc_config=`:                             serviceconfig.ChoiceList,
		`[1]`:                                      serviceconfig.Other,
		`{"serviceConfig": {}}`:                    serviceconfig.Other,
	} {
		if got := serviceconfig.FormOf([]byte(src)); got != want {
			t.Errorf("%s is %d, want %d", src, got, want)
		}
	}
}

// A file of a million mistakes has findings for some, and is refused if any
// of them is a reason.
func TestManyFindings(t *testing.T) {
	config := `{` + strings.Repeat(`"methodConfigs":1,`, 5000) + `"methodConfig":1}`
	_, findings := check(t, "a.json", config, serviceconfig.Options{})
	rejected := 0
	for _, f := range findings {
		if f.Effect == finding.Rejected {
			rejected++
		}
	}
	if len(findings) > 1100 || rejected != 1 {
		t.Errorf("%d findings, %d of which mean that it is refused", len(findings), rejected)
	}
}

// What other implementations refuse is worth a warning in a file, which they
// may read, and a note in Go code.
func TestOnlyGo(t *testing.T) {
	const config = `{"methodConfig":[{"name":[{}],"timeout":".3s"}]}`
	for onlyGo, want := range map[bool]rule.Severity{false: rule.Warning, true: rule.Info} {
		_, findings := check(t, "a.json", config, serviceconfig.Options{OnlyGo: onlyGo})
		if len(findings) != 1 || findings[0].EffectiveSeverity() != want {
			t.Errorf("only Go: %t: %+v", onlyGo, findings)
		}
	}
}
