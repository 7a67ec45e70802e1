package changes

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"

	"github.com/grpclint/grpclint/internal/supervise"
	"github.com/grpclint/grpclint/internal/wholefile"
)

// git runs a command of git that only reads. Nothing that the repository's
// configuration names runs with it.
func git(ctx context.Context, dir string, stdin io.Reader, args ...string) ([]byte, error) {
	options := []string{
		"-C", dir, "--no-pager", "--no-replace-objects",
		"-c", "core.fsmonitor=false", "-c", "core.hooksPath=" + os.DevNull, "-c", "core.untrackedCache=false",
	}
	tool := supervise.NewTool(ctx, "git", append(options, args...)...)
	tool.Env = append(os.Environ(), "GIT_OPTIONAL_LOCKS=0", "GIT_NO_LAZY_FETCH=1", "GIT_TERMINAL_PROMPT=0")
	tool.Stdin = stdin
	output, err := tool.Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		if said := strings.TrimSpace(string(exit.Stderr)); said != "" {
			return output, fmt.Errorf("git %s: %s", args[0], said)
		}
	}
	return output, err
}

// An entry is what a commit has under a path.
type entry struct {
	kind   string // "blob", or "commit" for a submodule
	object string // its name
}

// listTree returns all files of a commit.
func (c *comparison) listTree(commit string) (map[string]entry, error) {
	list, err := git(c.ctx, c.root, nil, "ls-tree", "-r", "-z", "--full-tree", commit)
	if err != nil {
		return nil, err
	}
	return parseTree(list)
}

// parseTree reads entries such as "100644 blob 1234567\tname\x00".
func parseTree(list []byte) (map[string]entry, error) {
	tree := make(map[string]entry)
	for line := range bytes.SplitSeq(list, []byte{0}) {
		if len(line) == 0 {
			continue
		}
		about, name, ok := strings.Cut(string(line), "\t")
		fields := strings.Fields(about)
		if !ok || len(fields) != 3 {
			return nil, fmt.Errorf("git ls-tree: %q is no entry", line)
		}
		const link = "120000"
		if fields[0] != link {
			tree[name] = entry{fields[1], fields[2]}
		}
	}
	return tree, nil
}

// ignored returns those of some files that are not tracked and that nobody
// wants to be.
func (c *comparison) ignored(paths []string) map[string]bool {
	if len(paths) == 0 {
		return nil
	}
	list, err := git(c.ctx, c.root, strings.NewReader(strings.Join(paths, "\x00")+"\x00"), "check-ignore", "-z", "--stdin")
	if err != nil {
		return nil // its status says that there are none
	}
	ignored := make(map[string]bool)
	for path := range strings.SplitSeq(string(list), "\x00") {
		ignored[path] = true
	}
	return ignored
}

// blobs calls each with the texts that files had, by their paths; nil for one
// that is too large.
func (c *comparison) blobs(objects map[string]string, each func(path string, text []byte)) error {
	if len(objects) == 0 {
		return nil
	}
	paths := slices.Sorted(maps.Keys(objects))
	var ask strings.Builder
	for _, path := range paths {
		fmt.Fprintln(&ask, objects[path])
	}
	output, err := git(c.ctx, c.root, strings.NewReader(ask.String()), "cat-file", "--batch")
	if err != nil {
		return err
	}
	in := bufio.NewReader(bytes.NewReader(output))
	for _, path := range paths {
		text, err := parseBlob(in)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		each(path, text)
	}
	return nil
}

// errMissing is said of what a clone does not have.
var errMissing = errors.New("its old text is not in this clone, which is a partial one: git diff with that revision fetches it")

// parseBlob reads what begins with "1234567 blob 10\n" and ends in a line end.
func parseBlob(in *bufio.Reader) ([]byte, error) {
	header, err := in.ReadString('\n')
	if err != nil {
		return nil, err
	}
	fields := strings.Fields(header)
	if len(fields) == 2 && fields[1] == "missing" {
		return nil, errMissing
	}
	if len(fields) != 3 || fields[1] != "blob" {
		return nil, fmt.Errorf("%q is no header", header)
	}
	size, err := strconv.ParseInt(fields[2], 10, 64)
	if err != nil || size < 0 {
		return nil, fmt.Errorf("%q is no header", header)
	}
	if size > wholefile.Text {
		_, err := io.CopyN(io.Discard, in, size+1)
		return nil, err
	}
	var text bytes.Buffer
	if _, err := io.CopyN(&text, in, size); err != nil {
		return nil, err
	}
	if end, err := in.ReadByte(); err != nil || end != '\n' {
		return nil, errors.New("the text has another length")
	}
	return append([]byte{}, text.Bytes()...), nil
}
