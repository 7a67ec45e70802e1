package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// asGolangci in the environment makes the test binary golangci-lint, so that
// there is one build of it.
const asGolangci = "GRPCLINT_TEST_AS_GOLANGCI"

func TestMain(m *testing.M) {
	if os.Getenv(asGolangci) != "" {
		main()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// The findings in the sample application are those of grpclint itself, apart
// from those in files that are not Go, which golangci-lint does not read. It
// is configured and run as README says.
func TestSameFindings(t *testing.T) {
	dir := shop(t)
	write(t, filepath.Join(dir, ".golangci.yml"), readme(t, "`.golangci.yml`:\n\n```yaml\n"))
	standalone, _ := grpclint(t, dir, "-format=json", "./...")
	var want []string
	for _, f := range standalone.Findings {
		if strings.HasSuffix(f.File, ".go") {
			want = append(want, f.at()+" "+f.Message+" ["+f.Rule+"]")
		}
	}
	if len(want) < 10 {
		t.Fatalf("grpclint has %d findings in Go files", len(want))
	}
	script := readme(t, "```sh\ngolangci-lint custom\n")
	args, ok := strings.CutPrefix(strings.TrimSpace(script), "./custom-gcl ")
	if !ok {
		t.Fatalf("README has the command %s", script)
	}
	first := golangci(t, dir, 1, strings.Fields(args)...)
	same(t, first.texts(), want)
	if again := golangci(t, dir, 1, strings.Fields(args)...); !slices.Equal(again.texts(), first.texts()) {
		t.Errorf("from its cache golangci-lint gives\n%s\nafter\n%s", strings.Join(again.texts(), "\n"), strings.Join(first.texts(), "\n"))
	}
}

// readme returns what stands in README behind a text, up to the end of the
// block of code.
func readme(t *testing.T, before string) string {
	t.Helper()
	_, block, found := strings.Cut(read(t, "../../README.md"), before)
	block, _, closed := strings.Cut(block, "```\n")
	if !found || !closed {
		t.Fatalf("README has nothing behind %q", before)
	}
	return block
}

func TestNolint(t *testing.T) {
	dir := shop(t)
	write(t, filepath.Join(dir, ".golangci.yml"), configuration(""))
	before := golangci(t, dir, 1, "run", "./...").texts()
	const rule = "[conn/leak]" // it has a related place, on another line
	leak := slices.IndexFunc(before, func(text string) bool { return strings.HasSuffix(text, rule) })
	if leak < 0 {
		t.Fatalf("no %s among\n%s", rule, strings.Join(before, "\n"))
	}
	edit(t, filepath.Join(dir, "shop/internal/warehouse/client.go"), "conn, err := grpc.NewClient(addr, ", func(line string) string {
		return line + " //nolint:grpclint // the process ends then"
	})
	same(t, golangci(t, dir, 1, "run", "./...").texts(), slices.Delete(slices.Clone(before), leak, leak+1))
}

// What golangci-lint fixes is what grpclint -fix fixes.
func TestFix(t *testing.T) {
	want, dir := shop(t), shop(t)
	before := files(t, want)
	if _, status := grpclint(t, want, "-fix", "-format=json", "./..."); status != 1 {
		t.Errorf("grpclint -fix: status %d", status)
	}
	fixed := files(t, want)
	changed := 0
	for name := range before {
		if before[name] != fixed[name] {
			changed++
		}
	}
	if changed == 0 {
		t.Fatal("grpclint -fix changed nothing")
	}
	write(t, filepath.Join(dir, ".golangci.yml"), configuration(""))
	golangci(t, dir, 1, "run", "--fix", "./...")
	for name, text := range files(t, dir) {
		if text != fixed[name] && filepath.Base(name) != ".golangci.yml" {
			t.Errorf("%s: golangci-lint --fix leaves\n%s\ngrpclint -fix leaves\n%s", name, text, fixed[name])
		}
	}
}

func TestSettings(t *testing.T) {
	dir := shop(t)
	write(t, filepath.Join(dir, ".golangci.yml"), configuration(`
        settings:
          rules:
            conn: off
            deadline: off
            deadline/missing: warning
            serviceconfig: off
            conn/deprecated-dial: warning
          deadline:
            bounded-by: [example.com/testdata/shop/internal/rpc.Timeout]
`))
	rules := make(map[string]bool)
	for _, text := range golangci(t, dir, 1, "run", "./...").texts() {
		id := regexp.MustCompile(`\[([^\[]+)\]$`).FindStringSubmatch(text)[1]
		if family, _, _ := strings.Cut(id, "/"); slices.Contains([]string{"conn", "deadline", "serviceconfig"}, family) {
			rules[id] = true
		}
	}
	if len(rules) != 2 || !rules["deadline/missing"] || !rules["conn/deprecated-dial"] {
		t.Errorf("with all rules of three families but two switched off: %v", rules)
	}
	for settings, message := range map[string]string{
		"rules: {deadline/mising: off}":  "deadline/missing",
		"rules: {deadline/missing: of}":  "of",
		"rule: {deadline/missing: off}":  "rule",
		"deadline: {bounded-by: 1}":      "bounded-by",
		"proto: {roots: [proto]}":        "proto",
		"serviceconfig: {dialect: auto}": "dialect",
	} {
		write(t, filepath.Join(dir, ".golangci.yml"), configuration("\n        settings:\n          "+settings+"\n"))
		if got := golangci(t, dir, 3, "run", "./..."); !strings.Contains(got.stderr, "grpclint: settings: ") || !strings.Contains(got.stderr, message) {
			t.Errorf("%s: golangci-lint says %q", settings, got.stderr)
		}
	}
}

// A user's golangci-lint gets the analyzers, what reads embedded files, and a
// JSON tokenizer.
func TestAddsLittle(t *testing.T) {
	added := make(map[string]bool)
	for _, path := range dependencies(t, ".") {
		added[path] = true
	}
	for _, path := range dependencies(t, "github.com/golangci/golangci-lint/v2/cmd/golangci-lint") {
		delete(added, path)
	}
	allowed := regexp.MustCompile(`^(example\.com/golangci|github\.com/go-json-experiment/json/.*|github\.com/grpclint/grpclint/(analyzers|finding|golangci|internal/wholefile|rule|protocheck/(method|serviceconfig))(/.*)?|google\.golang\.org/protobuf/(encoding/protowire|internal/.*))$`)
	for path := range added {
		if !allowed.MatchString(path) {
			t.Errorf("the plug-in adds %s to golangci-lint", path)
		}
	}
	if !added["github.com/grpclint/grpclint/golangci"] {
		t.Errorf("added: %v", added)
	}
}

// What the documentation tells users to build is what is tested here.
func TestVersion(t *testing.T) {
	mod := read(t, "go.mod")
	version := regexp.MustCompile(`golangci-lint/v2 (v\S+)`).FindStringSubmatch(mod)
	for _, file := range []string{"../../.custom-gcl.yml", "../../docs/ci.md", "../../golangci/plugin.go"} {
		if !strings.Contains(read(t, file), "version: "+version[1]+"\n") {
			t.Errorf("%s does not name golangci-lint %s", file, version[1])
		}
	}
	if !strings.Contains(read(t, "main.go"), `"`+strings.TrimPrefix(version[1], "v")+`"`) {
		t.Errorf("main.go does not say %s", version[1])
	}
}

// configuration is a .golangci.yml with the plug-in and what is indented
// below it.
func configuration(below string) string {
	return `version: "2"
linters:
  default: none
  enable: [grpclint]
  settings:
    custom:
      grpclint:
        type: module
        description: mistakes in the use of gRPC` + strings.TrimRight(below, "\n") + `
issues:
  max-issues-per-linter: 0
  max-same-issues: 0
`
}

type issues struct {
	Issues []struct {
		FromLinter string
		Text       string
		Pos        struct {
			Filename     string
			Line, Column int
		}
	}
	stderr string
}

// texts are lines of place and message of our findings, without the name of the analyzer
// that golangci-lint puts before it.
func (r issues) texts() []string {
	var texts []string
	for _, i := range r.Issues {
		if i.FromLinter != "grpclint" {
			continue // golangci-lint has linters of its own
		}
		_, message, _ := strings.Cut(i.Text, ": ")
		texts = append(texts, position{filepath.ToSlash(i.Pos.Filename), i.Pos.Line, i.Pos.Column}.at()+" "+message)
	}
	return texts
}

type position struct {
	File         string
	Line, Column int
}

func (p position) at() string {
	text, _ := json.Marshal([]any{p.File, p.Line, p.Column})
	return string(text)
}

// golangci runs golangci-lint, which is to exit with the status.
func golangci(t *testing.T, dir string, status int, args ...string) issues {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, append(args, "--output.json.path=stdout", "--show-stats=false", "--allow-parallel-runners")...)
	cmd.Env = append(os.Environ(), asGolangci+"=1", "GOLANGCI_LINT_CACHE="+filepath.Join(dir, ".cache"))
	stdout, stderr := runIn(t, dir, cmd, status)
	result := issues{stderr: stderr}
	if status != 3 {
		decode(t, stdout, &result)
	}
	return result
}

type findings struct {
	Findings []struct {
		position
		Rule, Message string
	}
}

// grpclint runs grpclint itself.
func grpclint(t *testing.T, dir string, args ...string) (result findings, status int) {
	t.Helper()
	name := filepath.Join(t.TempDir(), "grpclint.exe")
	runIn(t, filepath.Join("..", ".."), exec.Command("go", "build", "-o", name, "./cmd/grpclint"), 0)
	stdout, _ := runIn(t, dir, exec.Command(name, args...), 1)
	decode(t, stdout, &result)
	return result, 1
}

func runIn(t *testing.T, dir string, cmd *exec.Cmd, status int) (stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &out, &errs
	if cmd.Env == nil {
		cmd.Env = os.Environ()
	}
	cmd.Env = append(cmd.Env, "GOWORK=off")
	err := cmd.Run()
	if exit := new(exec.ExitError); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	if got := cmd.ProcessState.ExitCode(); got != status {
		t.Fatalf("%v: exit status %d, want %d\n%s%s", cmd.Args, got, status, out.String(), errs.String())
	}
	return out.String(), errs.String()
}

func decode(t *testing.T, text string, into any) {
	t.Helper()
	if err := json.NewDecoder(strings.NewReader(text)).Decode(into); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
}

func dependencies(t *testing.T, pattern string) []string {
	t.Helper()
	stdout, _ := runIn(t, ".", exec.Command("go", "list", "-deps", pattern), 0)
	return strings.Fields(stdout)
}

// shop copies the sample application and the module that it is part of.
func shop(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	from := filepath.Join("..", "src")
	for _, name := range []string{"go.mod", "go.sum"} {
		write(t, filepath.Join(dir, name), read(t, filepath.Join(from, name)))
	}
	if err := os.CopyFS(filepath.Join(dir, "shop"), os.DirFS(filepath.Join(from, "shop"))); err != nil {
		t.Fatal(err)
	}
	return dir
}

// files reads the files of the sample application below dir.
func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	texts := make(map[string]string)
	err := fs.WalkDir(os.DirFS(dir), "shop", func(name string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			texts[name] = read(t, filepath.Join(dir, filepath.FromSlash(name)))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return texts
}

// edit changes the one line that has the text in it.
func edit(t *testing.T, file, text string, change func(line string) string) {
	t.Helper()
	lines := strings.Split(read(t, file), "\n")
	edited := 0
	for i, line := range lines {
		if strings.Contains(line, text) {
			lines[i] = change(line)
			edited++
		}
	}
	if edited != 1 {
		t.Fatalf("%s: %d lines have %q", file, edited, text)
	}
	write(t, file, strings.Join(lines, "\n"))
}

func same(t *testing.T, got, want []string) {
	t.Helper()
	got, want = slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(want))
	if !slices.Equal(got, want) {
		t.Errorf("golangci-lint gives\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}
