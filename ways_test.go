package grpclint

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v4"
	modules "golang.org/x/mod/module"
	"golang.org/x/mod/zip"
)

// The ways to run grpclint that README describes find the same in the sample
// application. What is run is what README says, word for word, but for paths
// and for the address that this repository has in public. The module of
// testdata/golangci tests the one that is not here. So is the version, which
// nobody has published.
func TestWaysToRun(t *testing.T) {
	if os.Getenv("CI") == "" {
		t.Skip("takes long, and needs pre-commit: set CI to run it")
	}
	bin := t.TempDir()
	env := append(repositoryEnv(), "GOBIN="+bin, "PATH="+bin+string(filepath.ListSeparator)+os.Getenv("PATH"))
	var all, inGo []string

	t.Run("program", func(t *testing.T) {
		dir := sampleApplication(t)
		script := strings.ReplaceAll(readmeBlock(t, "The program", "sh"), "/path/to/your/module", dir)
		all = textFindings(bash(t, ".", env, 1, script))
		for _, f := range all {
			if strings.Contains(f, ".go:") {
				inGo = append(inGo, f)
			}
		}
		if len(inGo) < 10 || len(inGo) == len(all) {
			t.Fatalf("%d findings, %d of them in Go files", len(all), len(inGo))
		}
	})
	if t.Failed() {
		return // the others need the program, and its findings
	}

	t.Run("go vet", func(t *testing.T) {
		got := textFindings(bash(t, sampleApplication(t), env, 1, readmeBlock(t, "With go vet", "sh")))
		sameFindings(t, got, inGo)
	})

	t.Run("pre-commit", func(t *testing.T) {
		dir := sampleApplication(t)
		config := strings.Replace(readmeBlock(t, "In pre-commit", "yaml"), "https://github.com/grpclint/grpclint", hookRepository(t), 1)
		write(t, filepath.Join(dir, ".pre-commit-config.yaml"), config)
		env := append(slices.Clone(env), "PRE_COMMIT_HOME="+t.TempDir())
		inRepository(t, dir, "git", "init", "-q")
		bash(t, dir, env, 0, readmeBlock(t, "In pre-commit", "sh"))
		inRepository(t, dir, "git", "add", "-A")
		sameFindings(t, textFindings(bash(t, dir, env, 1, "git commit -m Begin")), all)
	})

	t.Run("GitHub", func(t *testing.T) {
		dir := sampleApplication(t)
		var steps []struct {
			Uses string
			With map[string]string
		}
		decodeYAML(t, readmeBlock(t, "In CI", "yaml"), &steps)
		used := 0
		for _, step := range steps {
			if version, ok := strings.CutPrefix(step.Uses, "grpclint/grpclint@"); ok {
				used++
				// What the go command knows of a version it keeps for ever.
				version = fmt.Sprintf("%s-%d", version, time.Now().UnixNano())
				t.Cleanup(func() { forget(t, version) })
				output := runAction(t, dir, append(slices.Clone(env), "GOPROXY="+proxyOf(t, version)+","+goEnv("GOPROXY"), "GONOSUMDB=github.com/grpclint/grpclint"), version, step.With, 1)
				sameFindings(t, annotations(output), withoutColumns(all))
			}
		}
		if used != 1 {
			t.Errorf("%d steps use the action", used)
		}
	})
}

// What README says must be in files of the repository is in them.
func TestReadmeFiles(t *testing.T) {
	for file, heading := range map[string]string{".custom-gcl.yml": "In golangci-lint"} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if block := readmeBlock(t, heading, "yaml"); !strings.HasSuffix(string(text), "\n"+block) {
			t.Errorf("%s differs from README:\n%s", file, block)
		}
	}
}

// readmeBlock returns the first block of code in a language below a heading
// of README.
func readmeBlock(t *testing.T, heading, language string) string {
	t.Helper()
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, ok := strings.Cut(string(text), "\n### "+heading+"\n")
	section, _, _ = strings.Cut(section, "\n##")
	_, block, found := strings.Cut(section, "\n```"+language+"\n")
	block, _, closed := strings.Cut(block, "```\n")
	if !ok || !found || !closed {
		t.Fatalf("README has no block of %s below %q", language, heading)
	}
	return block
}

// sampleApplication copies the sample application, and the module that it is
// part of.
func sampleApplication(t *testing.T) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	from := filepath.Join("testdata", "src")
	for _, name := range []string{"go.mod", "go.sum"} {
		text, err := os.ReadFile(filepath.Join(from, name))
		if err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(dir, name), string(text))
	}
	if err := os.CopyFS(filepath.Join(dir, "shop"), os.DirFS(filepath.Join(from, "shop"))); err != nil {
		t.Fatal(err)
	}
	return dir
}

// bash runs a script that is to exit with a status, and returns what it
// prints.
func bash(t *testing.T, dir string, env []string, status int, script string) string {
	t.Helper()
	cmd := exec.Command("bash", "-e", "-c", script)
	cmd.Dir, cmd.Env = dir, env
	output, err := cmd.CombinedOutput()
	if exit := new(exec.ExitError); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	if got := cmd.ProcessState.ExitCode(); got != status {
		t.Fatalf("status %d, want %d of\n%s\n%s", got, status, script, output)
	}
	return string(output)
}

// textFindings reads findings as the program, go vet and pre-commit print
// them: those have severities, and these do not.
func textFindings(output string) []string {
	var found []string
	for _, m := range regexp.MustCompile(`(?m)^(?:\./)?([^:\s]+:\d+:\d+): (?:\w+: )?(.* \[[a-z]+/[a-z-]+\])$`).FindAllStringSubmatch(output, -1) {
		found = append(found, m[1]+" "+m[2])
	}
	return found
}

// annotations reads findings as GitHub does. Those of several lines have no
// columns there.
func annotations(output string) []string {
	var found []string
	unescape := strings.NewReplacer("%25", "%", "%0A", "\n", "%0D", "\r")
	for _, m := range regexp.MustCompile(`(?m)^::\w+ file=([^,]+),line=(\d+),.*title=grpclint ([^:]+)::(.*)$`).FindAllStringSubmatch(output, -1) {
		message, _, _ := strings.Cut(unescape.Replace(m[4]), "\n")
		found = append(found, m[1]+":"+m[2]+" "+message+" ["+m[3]+"]")
	}
	return found
}

func withoutColumns(findings []string) []string {
	var without []string
	for _, f := range findings {
		without = append(without, regexp.MustCompile(`^(\S+:\d+):\d+ `).ReplaceAllString(f, "$1 "))
	}
	return without
}

func sameFindings(t *testing.T, got, want []string) {
	t.Helper()
	got, want = slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(want))
	if !slices.Equal(got, want) {
		t.Errorf("found\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// runAction runs the steps of action.yml as GitHub's runner does.
func runAction(t *testing.T, dir string, env []string, version string, with map[string]string, status int) string {
	t.Helper()
	text, err := os.ReadFile("action.yml")
	if err != nil {
		t.Fatal(err)
	}
	var action struct {
		Inputs map[string]struct{ Default string }
		Runs   struct {
			Using string
			Steps []struct {
				Name, Shell, Run string
				Env              map[string]string
				Directory        string `yaml:"working-directory"`
			}
		}
	}
	decodeYAML(t, string(text), &action)
	inputs := map[string]string{"version": version} // a test knows no latest one
	for name, input := range action.Inputs {
		if _, set := inputs[name]; !set {
			inputs[name] = input.Default
		}
	}
	for name, value := range with {
		if _, known := action.Inputs[name]; !known {
			t.Errorf("action.yml has no input %s", name)
		}
		inputs[name] = value
	}
	expand := func(text string) string {
		return regexp.MustCompile(`\$\{\{ inputs\.([\w-]+) \}\}`).ReplaceAllStringFunc(text, func(expression string) string {
			return inputs[strings.TrimSuffix(strings.TrimPrefix(expression, "${{ inputs."), " }}")]
		})
	}
	temp, outputs := t.TempDir(), filepath.Join(t.TempDir(), "outputs")
	env = append(slices.Clone(env), "RUNNER_TEMP="+temp, "GITHUB_OUTPUT="+outputs)
	var printed strings.Builder
	for i, step := range action.Runs.Steps {
		if step.Shell != "bash" || action.Runs.Using != "composite" {
			t.Fatalf("a step of another kind: %+v", step)
		}
		stepEnv := slices.Clone(env)
		for name, value := range step.Env {
			stepEnv = append(stepEnv, name+"="+expand(value))
		}
		want := 0
		if i == len(action.Runs.Steps)-1 {
			want = status
		}
		printed.WriteString(bash(t, filepath.Join(dir, expand(step.Directory)), stepEnv, want, "set -o pipefail\n"+step.Run))
	}
	if text, err := os.ReadFile(outputs); err != nil || string(text) != "status=1\n" {
		t.Errorf("outputs: %q, %v", text, err)
	}
	return printed.String()
}

// proxyOf makes a module proxy that has this module, as its files are now,
// in a version, and returns its address.
func proxyOf(t *testing.T, version string) string {
	t.Helper()
	dir := t.TempDir()
	path := "github.com/grpclint/grpclint"
	versions := filepath.Join(dir, path, "@v")
	info, err := json.Marshal(map[string]string{"Version": version})
	if err != nil {
		t.Fatal(err)
	}
	mod, err := os.ReadFile("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(versions, version+".info"), string(info))
	write(t, filepath.Join(versions, version+".mod"), string(mod))
	write(t, filepath.Join(versions, "list"), version+"\n")
	archive, err := os.Create(filepath.Join(versions, version+".zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	if err := zip.CreateFromDir(archive, modules.Version{Path: path, Version: version}, hookRepository(t)); err != nil {
		t.Fatal(err)
	}
	return "file://" + filepath.ToSlash(dir)
}

// forget takes a version of this module out of the module cache.
func forget(t *testing.T, version string) {
	t.Helper()
	cache := goEnv("GOMODCACHE")
	for _, dir := range []string{
		filepath.Join(cache, "github.com", "grpclint", "grpclint@"+version),
		filepath.Join(cache, "cache", "download", "github.com", "grpclint", "grpclint"),
	} {
		err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
			if err == nil && entry.IsDir() {
				err = os.Chmod(path, 0o755) // modules are read-only
			}
			return err
		})
		if err == nil {
			err = os.RemoveAll(dir)
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
	}
}

func decodeYAML(t *testing.T, text string, into any) {
	t.Helper()
	if err := yaml.Unmarshal([]byte(text), into); err != nil {
		t.Fatal(err)
	}
}
