package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/grpclint/grpclint/internal/moduletest"
)

const noModule = "-- go.mod --\nnone\n"

// refused is a config with one finding, serviceconfig/duration at 1:72.
const refused = `{"methodConfig": [{"name": [{"service": "shop.Order"}], "timeout": "400ms"}]}` + "\n"

const fine = `{"methodConfig": [{"name": [{"service": "shop.Order"}], "timeout": "4s"}]}` + "\n"

func duration(file string) string { return file + ":1 serviceconfig/duration" }

// Which files are checked, and what comes of those that cannot be.
func TestConfigFiles(t *testing.T) {
	walks := noModule +
		"-- a_service_config.json --\n" + refused +
		"-- deploy/other.json --\n" + refused +
		"-- deploy/deep/case.json --\n" + `{"METHODCONFIG": [{"name": [{"service": "shop.Order"}], "timeout": "400ms"}]}` + "\n" +
		"-- deploy/package.json --\n{\"name\": \"x\", \"retry\": 3}\n" +
		"-- deploy/broken.json --\n{\n" +
		"-- deploy/values.yaml --\nconfig: '" + strings.TrimSpace(refused) + "'\n" +
		"-- deploy/_template.yaml --\n{{ if .x }}\nconfig: '" + strings.TrimSpace(refused) + "'\n" +
		"-- node_modules/a.json --\n" + refused +
		"-- vendor/a.json --\n" + refused +
		"-- testdata/a.json --\n" + refused +
		"-- _old/a.json --\n" + refused +
		"-- .hidden/a.json --\n" + refused +
		"-- .hidden.json --\n" + refused +
		"-- nested/go.mod --\nmodule example.com/nested\n" +
		"-- nested/a.json --\n" + refused
	all := []string{duration("a_service_config.json"), "deploy/deep/case.json:1 serviceconfig/key-case, " + duration("deploy/deep/case.json"), duration("deploy/other.json"), duration("deploy/values.yaml")}
	below := strings.Join(all[1:], ", ")
	tests := []struct {
		args   string
		status int
		found  string
		stderr string
	}{
		{"", 1, strings.Join(all, ", "), "left out: nested module nested"},
		{"deploy", 1, below, ""},
		{"./deploy/...", 1, below, ""},
		{"./deploy", 1, below, ""},
		{"./deploy/deep/... deploy/other.json ./deploy/other.json", 1, strings.Join(all[1:3], ", "), ""},
		{"testdata", 1, duration("testdata/a.json"), ""},
		{"nested/a.json", 1, duration("nested/a.json"), ""},
		{"./.hidden ./_old/...", 1, duration(".hidden/a.json") + ", " + duration("_old/a.json"), ""},
		{".hidden.json", 1, duration(".hidden.json"), ""},
		{"-modules", 1, strings.Join(all, ", ") + ", " + duration("nested/a.json"), ""},
		{"-disable serviceconfig/duration,serviceconfig/key-case", 0, "", ""},
		{"-fail-on never -enable serviceconfig/duration ./deploy", 0, below, ""},
		{"deploy/broken.json", 2, "", "deploy/broken.json:1:3: grpc-go refuses the service config: it ends in the middle"},
		{"deploy/_template.yaml", 2, "", "deploy/_template.yaml: is a template and no YAML"},
		{"deploy/none.json ./deploy", 2, below, "deploy/none.json: no such file"},
		{"./vendor/none/...", 2, "", "no go.mod"},
	}
	dir := moduletest.Write(t, walks)
	for _, test := range tests {
		t.Run(test.args, func(t *testing.T) {
			got := runIn(t, dir, append([]string{"-severity=info"}, strings.Fields(test.args)...)...)
			if found := lines(got.stdout); got.status != test.status || found != test.found {
				t.Errorf("status %d, found %s\nwant %d, %s", got.status, found, test.status, test.found)
			}
			if !strings.Contains(got.stderr, test.stderr) || test.stderr == "" && got.stderr != "" && !strings.Contains(got.stderr, "left out") {
				t.Errorf("standard error is %q, want %q", got.stderr, test.stderr)
			}
		})
	}
	if got := runIn(t, filepath.Join(dir, "testdata")); lines(got.stdout) != duration("a.json") {
		t.Errorf("-C testdata: %+v", got)
	}
}

// What cannot be read is named once: with status 2 if the user named it.
func TestBadConfigFiles(t *testing.T) {
	tests := []struct {
		name   string
		make   func(t *testing.T, file string)
		stderr string
		found  bool // a finding rather than an error when only found
	}{
		{"empty", content(""), ":1:1: grpc-go refuses the service config: it is empty", true},
		{"blank", content(" \n"), "it is blank", true},
		{"no JSON", content("methodConfig: []\n"), ":1:1: ", true},
		{"comment", content("{ // all methods\n}\n"), "JSON has no comments", true},
		{"byte order mark", content("\ufeff{}"), "byte order mark", true},
		{"UTF-16", content("\xff\xfe{\x00}\x00"), "UTF-16", true},
		{"large", content(strings.Repeat(" ", 10<<20) + "{}"), "has more than 10 MB", false},
		{"FIFO", makeFIFO, "is no regular file", false},
		{"unreadable", func(t *testing.T, file string) {
			content("{}")(t, file)
			if err := os.Chmod(file, 0); err != nil {
				t.Fatal(err)
			}
			if f, err := os.Open(file); err == nil {
				f.Close()
				t.Skip("permissions do not hold for this user")
			}
		}, "permission denied", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			const name = "x_service_config.json"
			dir := t.TempDir()
			test.make(t, filepath.Join(dir, name))
			for _, args := range [][]string{{name}, {}} {
				got := runIn(t, dir, append(args, "-format=json")...)
				var doc struct {
					Findings []struct{ Rule, Effect string }
					Errors   []struct{ File, Pattern, Message string }
				}
				if err := json.Unmarshal([]byte(got.stdout), &doc); err != nil {
					t.Fatal(err)
				}
				if len(args) == 0 && test.found {
					if got.status != 1 || got.stderr != "" || len(doc.Errors) != 0 || len(doc.Findings) != 1 || doc.Findings[0].Rule != "serviceconfig/rejected" || doc.Findings[0].Effect != "rejected" {
						t.Errorf("found: %+v", got)
					}
					continue
				}
				named := slices.IndexFunc(doc.Errors, func(e struct{ File, Pattern, Message string }) bool { return e.File == name })
				if named < 0 || len(doc.Findings) != 0 || strings.Count(got.stderr, name) != 1 || !strings.Contains(got.stderr, test.stderr) {
					t.Errorf("%v: %+v", args, got)
				}
				if len(args) > 0 && (got.status != 2 || len(doc.Errors) != 1) {
					t.Errorf("named: %+v", got)
				}
			}
		})
	}
	t.Run("folder", func(t *testing.T) {
		dir := moduletest.Write(t, noModule+"-- x.json/a_service_config.json --\n"+refused)
		if got := runIn(t, dir, "x.json"); got.status != 2 || !strings.Contains(got.stderr, "x.json: is a folder") {
			t.Errorf("named: %+v", got)
		}
		if got := runIn(t, dir); got.status != 1 || lines(got.stdout) != duration("x.json/a_service_config.json") {
			t.Errorf("found: %+v", got)
		}
	})
}

func content(text string) func(*testing.T, string) {
	return func(t *testing.T, file string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// A file that was only found and cannot be read to its end does not fail the
// run, which says so.
func TestFoundAndBroken(t *testing.T) {
	dir := moduletest.Write(t, noModule+"-- good_service_config.json --\n"+fine+"-- bad.json --\n{\"methodConfig\": [}\n")
	got := runIn(t, dir)
	if got.status != 0 || !strings.Contains(got.stderr, "grpclint: bad.json:1:19: grpc-go refuses the service config: ") || strings.Count(got.stderr, "\n") != 1 {
		t.Errorf("got %+v", got)
	}
	if !strings.Contains(got.stdout, "0 findings; 2 service configs; 1 error in what was to be checked\n") {
		t.Errorf("the output is %s", got.stdout)
	}
}

// A template that was only found is named once, and so is one that was asked
// for, which fails the run.
func TestTemplates(t *testing.T) {
	dir := moduletest.Write(t, noModule+"-- chart/templates/client.yaml --\nconfig: '"+strings.TrimSpace(refused)+"'\n{{- if .Values.more }}\n{{- end }}\n"+
		"-- chart/templates/other.yaml --\n{{- if .Values.more }}\na: 1\n{{- end }}\n"+
		"-- chart/templates/two.yaml --\nconfig: '"+strings.TrimSpace(refused)+"'\n---\n{{- if .Values.more }}\n{{- end }}\n")
	const name = "chart/templates/client.yaml"
	for _, args := range [][]string{{}, {"./chart/..."}, {name}} {
		got := runIn(t, dir, append(args, "-format=json")...)
		var doc struct {
			Findings []struct{ File string }
			Errors   []struct{ File, Message string }
		}
		if err := json.Unmarshal([]byte(got.stdout), &doc); err != nil {
			t.Fatal(err)
		}
		named, status := 0, 1 // for what is found in two.yaml
		if len(args) > 0 && args[0] == name {
			status = 2
		}
		for _, e := range doc.Errors {
			if e.File == name && strings.HasPrefix(e.Message, "is a template") {
				named++
			}
		}
		if got.status != status || named != 1 || strings.Count(got.stderr, name+": is a template") != 1 || strings.Contains(got.stderr, "other.yaml") {
			t.Errorf("%q: %+v", args, got)
		}
		if status == 1 && (len(doc.Findings) != 1 || doc.Findings[0].File != "chart/templates/two.yaml") {
			t.Errorf("%q: %+v", args, doc)
		}
	}
}

// More findings than anybody reads are not shown without a word.
func TestManyFindings(t *testing.T) {
	entry := `{"name": [{"service": "shop.Order"}], "timeout": "1s", "nonsense": 1}`
	dir := moduletest.Write(t, noModule+"-- x_service_config.json --\n{\"methodConfig\": ["+strings.Repeat(entry+",\n", 1500)+entry+"]}\n")
	got := runIn(t, dir, "-format=json")
	var doc struct {
		Findings []struct{}
		Errors   []struct{ File, Message string }
	}
	if err := json.Unmarshal([]byte(got.stdout), &doc); err != nil {
		t.Fatal(err)
	}
	const message = "findings of a config are shown: there are more, or may be"
	if len(doc.Errors) != 1 || doc.Errors[0].File != "x_service_config.json" || !strings.Contains(doc.Errors[0].Message, message) ||
		got.status != 1 || strings.Count(got.stderr, message) != 1 {
		t.Errorf("%d findings, errors %v, status %d, standard error %s", len(doc.Findings), doc.Errors, got.status, got.stderr)
	}
}

func TestConfigFileJSON(t *testing.T) {
	dir := moduletest.Write(t, noModule+"-- deploy/a.json --\n"+refused)
	got := runIn(t, dir, "-format=json")
	const want = `{
  "version": 1,
  "findings": [
    {
      "rule": "serviceconfig/duration",
      "severity": "error",
      "message": "grpc-go refuses the config: \"400ms\" is no duration, \"0.4s\" is",
      "file": "deploy/a.json",
      "line": 1,
      "column": 68,
      "endLine": 1,
      "endColumn": 75,
      "url": "https://github.com/grpclint/grpclint/blob/main/docs/rules/serviceconfig/duration.md",
      "fingerprint": "FINGERPRINT",
      "scope": "package",
      "effect": "rejected",
      "related": [],
      "fixes": [
        {
          "message": "Write \"0.4s\"",
          "safe": true,
          "edits": [
            {
              "file": "deploy/a.json",
              "start": 67,
              "end": 74,
              "newText": "\"0.4s\""
            }
          ]
        }
      ]
    }
  ],
  "errors": [],
  "stats": {
    "packages": 0,
    "grpcPackages": 0,
    "protoFiles": 0,
    "serviceConfigs": 1,
    "manifests": 0,
    "suppressed": 0,
    "baselined": 0,
    "retracted": 0,
    "linked": 0
  }
}
`
	var doc struct {
		Findings []struct{ Fingerprint string }
	}
	if err := json.Unmarshal([]byte(got.stdout), &doc); err != nil || len(doc.Findings) != 1 {
		t.Fatalf("%v in %s", err, got.stdout)
	}
	fingerprint := doc.Findings[0].Fingerprint
	if now := strings.Replace(got.stdout, fingerprint, "FINGERPRINT", 1); now != want {
		t.Errorf("got %s\nwant %s", now, want)
	}
	// Lines may move.
	content("\n\n"+refused)(t, filepath.Join(dir, "deploy", "a.json"))
	if moved := runIn(t, dir, "-format=json"); !strings.Contains(moved.stdout, fingerprint) || !strings.Contains(moved.stdout, `"line": 3`) {
		t.Errorf("after a move got %s", moved.stdout)
	}
}

func TestConfigFileFix(t *testing.T) {
	const yaml = "block: |\n  %s\nsingle: '%s'\ndouble: \"%s\"\n"
	written := func(config string) string {
		config = strings.TrimSpace(config)
		s := strings.Replace(yaml, "%s", config, 1)
		s = strings.Replace(s, "%s", config, 1)
		return strings.Replace(s, "%s", strings.ReplaceAll(refused[:len(refused)-1], `"`, `\"`), 1)
	}
	dir := moduletest.Write(t, noModule+"-- a_service_config.json --\n"+refused+"-- b.yaml --\n"+written(refused))
	got := runIn(t, dir, "-diff")
	if got.status != 1 || strings.Count(got.stdout, "\n+") != 2+3 {
		t.Errorf("-diff gives %+v", got)
	}
	got = runIn(t, dir, "-fix")
	mended := strings.Replace(refused, "400ms", "0.4s", 1)
	for name, want := range map[string]string{"a_service_config.json": mended, "b.yaml": written(mended)} {
		if text, err := os.ReadFile(filepath.Join(dir, name)); err != nil || string(text) != want {
			t.Errorf("%s is (%v)\n%s\nwant\n%s", name, err, text, want)
		}
	}
	if got.status != 1 || !strings.HasPrefix(lines(got.stdout), "b.yaml:") || strings.Contains(lines(got.stdout), ",") {
		t.Errorf("after -fix: %+v", got)
	}
}

func TestConfigFileSettings(t *testing.T) {
	const oldPolicy = `{"methodConfig": [{"name": [{"service": "shop.Order"}], "retryPolicy": {"maxAttempts": 1, "initialBackoff": "1s", "maxBackoff": "1s", "backoffMultiplier": 2, "retryableStatusCodes": ["UNAVAILABLE"]}}]}`
	tests := []struct{ name, settings, file, config, want string }{
		{"default", "{}", "a_service_config.json", oldPolicy, `"effect": "rejected"`},
		{"older grpc-go", "serviceconfig: {grpc-go: 1.60.0}", "a_service_config.json", oldPolicy, `"effect": "ignored"`},
		{"excluded", "exclude: [{path: \"deploy/**\", rules: [serviceconfig], reason: generated}]", "deploy/a.json", refused, `"findings": []`},
		{"severity", "rules: {serviceconfig/duration: info}", "a.json", refused, `"severity": "info"`},
		{"runtime by name", "{}", "a.json", refused, `"severity": "error"`},
		{"dialect", "serviceconfig: {dialect: gapic}", "a_service_config.json", oldPolicy, `"findings": []`},
		{"dialect by name", "{}", "a_grpc_service_config.json", oldPolicy, `"findings": []`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := moduletest.Write(t, noModule+"-- .grpclint.yaml --\n"+test.settings+"\n-- "+test.file+" --\n"+test.config+"\n")
			if got := runIn(t, dir, "-format=json"); !strings.Contains(got.stdout, test.want) || got.stderr != "" {
				t.Errorf("got %+v\nwant %s", got, test.want)
			}
		})
	}
}

// In a module the configs are checked beside the packages.
func TestConfigFilesBesideGo(t *testing.T) {
	dir := moduletest.Write(t, module+"-- deploy/a.json --\n"+refused)
	got := runIn(t, dir, "-tests=false")
	// The stubs tell what services there are.
	unknownService := "deploy/a.json:1 serviceconfig/unknown-service"
	if want := nonpositive + ", " + missing + ", " + unknownService + ", " + duration("deploy/a.json"); lines(got.stdout) != want || got.status != 1 {
		t.Errorf("got %+v, want %s", got, want)
	}
	if !strings.Contains(got.stdout, "2 of 3 packages use gRPC; 1 service config\n") {
		t.Errorf("the output is %s", got.stdout)
	}
	// No package is below, which is no mistake then.
	for _, pattern := range []string{"./deploy", "deploy"} {
		if got := runIn(t, dir, pattern); got.status != 1 || lines(got.stdout) != duration("deploy/a.json") || got.stderr != "" {
			t.Errorf("%s: %+v", pattern, got)
		}
	}
	got = runIn(t, dir, "./deploy/...")
	if got.status != 1 || lines(got.stdout) != duration("deploy/a.json") || got.stderr != "" {
		t.Errorf("got %+v", got)
	}
	got = runIn(t, dir, "deploy/a.json")
	if got.status != 1 || lines(got.stdout) != duration("deploy/a.json") {
		t.Errorf("got %+v", got)
	}
	got = runIn(t, dir, "-tests=false", "example.com/app/client", "client/client.go")
	if want := nonpositive + ", " + missing; lines(got.stdout) != want {
		t.Errorf("found %s, want %s", lines(got.stdout), want)
	}
}
