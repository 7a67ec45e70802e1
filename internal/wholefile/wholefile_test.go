package wholefile

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A tree is a repository, and a file beside it that is none of its business.
func tree(t *testing.T) (dir string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "repository")
	for _, folder := range []string{".git", "sub"} {
		if err := os.MkdirAll(filepath.Join(dir, folder), 0o777); err != nil {
			t.Fatal(err)
		}
	}
	put(t, filepath.Join(dir, "file"), "text")
	put(t, filepath.Join(dir, "..", "secret"), "secret")
	for name, target := range map[string]string{
		"link": "file", "sub/link": "../file", "out": "../secret", "dangling": "nothing", "endless": "endless", "folder": "sub",
	} {
		if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
			t.Skip(err)
		}
	}
	return dir
}

func put(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

func get(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// onlyFiles reports files that were left beside those that were meant.
func onlyFiles(t *testing.T, dir string, want int) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != want {
		t.Errorf("there are %d files: %v", len(entries), entries)
	}
}

// check compares an error, which names the file.
func check(t *testing.T, what, path string, err error, want string) {
	t.Helper()
	switch {
	case want == "" && err != nil:
		t.Errorf("%s: %v", what, err)
	case want != "" && (err == nil || !strings.HasSuffix(err.Error(), path+": "+want)):
		t.Errorf("%s: error %v, want %q", what, err, want)
	}
}

func TestRead(t *testing.T) {
	dir := tree(t)
	put(t, filepath.Join(dir, "large"), strings.Repeat("x", 100))
	makeFIFO(t, filepath.Join(dir, "fifo"))
	if err := os.Symlink(os.DevNull, filepath.Join(dir, "device")); err != nil {
		t.Skip(err)
	}
	const irregular = "is no regular file"
	tests := []struct {
		name      string
		want, own string // errors
	}{
		{"file", "", ""},
		{"link", "", ""},
		{"sub/link", "", ""},
		{"out", "", "is a link out of the repository"},
		{"device", irregular, "is a link out of the repository"},
		{"fifo", irregular, irregular},
		{"sub", "is a folder, not a file", "is a folder, not a file"},
		{"folder", "is a folder, not a file", "is a folder, not a file"},
		{"large", "has more than 0 MB", "has more than 0 MB"},
		{"dangling", "is a link to nothing", "is a link to nothing"},
		{"endless", "is a link that leads back to itself", "is a link that leads back to itself"},
	}
	for _, test := range tests {
		path := filepath.Join(dir, filepath.FromSlash(test.name))
		_, err := Read(path, 50)
		check(t, "Read "+test.name, path, err, test.want)
		_, err = ReadOwn(path, 50)
		check(t, "ReadOwn "+test.name, path, err, test.own)
	}
	if _, err := Read(filepath.Join(dir, "nothing"), 50); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("nothing: %v", err)
	}
	for name, want := range map[string]bool{"dangling": true, "endless": true, "nothing": false} {
		if got, err := Exists(filepath.Join(dir, name)); got != want || err != nil {
			t.Errorf("%s exists: %v, %v", name, got, err)
		}
	}
	if text, err := Read(filepath.Join(dir, "large"), 100); err != nil || len(text) != 100 {
		t.Errorf("%d bytes, %v", len(text), err)
	}
}

// Where there is no repository, nobody knows what a link may not lead to.
func TestNoRepository(t *testing.T) {
	dir := tree(t)
	if err := os.Remove(filepath.Join(dir, ".git")); err != nil {
		t.Fatal(err)
	}
	check(t, "link", filepath.Join(dir, "link"), Replace(filepath.Join(dir, "link"), []byte("text"), nil), "is a link")
	if text, err := ReadOwn(filepath.Join(dir, "out"), 50); err != nil || string(text) != "secret" {
		t.Errorf("%q, %v", text, err)
	}
}

func TestReplace(t *testing.T) {
	dir := tree(t)
	file := filepath.Join(dir, "file")
	if err := os.Chmod(file, 0o754); err != nil {
		t.Fatal(err)
	}
	other := filepath.Join(dir, "other") // another name of the same file
	if err := os.Link(file, other); err != nil {
		t.Skip(err)
	}
	check(t, "file", file, Replace(file, []byte("text"), []byte("new")), "")
	if got := get(t, file) + get(t, other); got != "newtext" {
		t.Errorf("the files have %q", got)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o754 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}

	check(t, "same length", file, Replace(file, []byte("old"), []byte("newer")), "was changed meanwhile")
	check(t, "longer", file, Replace(file, []byte("ne"), []byte("newer")), "was changed meanwhile")
	link, out := filepath.Join(dir, "link"), filepath.Join(dir, "out")
	check(t, "link", link, Replace(link, []byte("new"), []byte("newer")), "")
	check(t, "link", link, Replace(link, []byte("newer"), []byte("new")), "")
	check(t, "out", out, Replace(out, []byte("secret"), nil), "is a link out of the repository")
	if info, err := os.Lstat(link); err != nil || info.Mode()&fs.ModeSymlink == 0 {
		t.Errorf("the link is none any more")
	}
	aside := filepath.Join(dir, "aside") // a folder that is elsewhere
	if err := os.Symlink("..", aside); err != nil {
		t.Fatal(err)
	}
	secret := filepath.Join(aside, "secret")
	check(t, "in a folder elsewhere", secret, Replace(secret, []byte("secret"), nil), "is outside of the repository, by a link")
	if err := os.Remove(aside); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(file, 0o444); err != nil {
		t.Fatal(err)
	}
	check(t, "read-only", file, Replace(file, []byte("new"), []byte("newer")), "is read-only")
	if got := get(t, file) + get(t, filepath.Join(dir, "..", "secret")); got != "newsecret" {
		t.Errorf("the files have %q", got)
	}
	onlyFiles(t, dir, 9)
}

func TestWrite(t *testing.T) {
	dir := tree(t)
	fresh := filepath.Join(dir, "fresh")
	check(t, "fresh", fresh, Write(fresh, []byte("new")), "")
	if got := get(t, fresh); got != "new" {
		t.Errorf("it has %q", got)
	}
	put(t, filepath.Join(dir, "usual"), "")
	if usual, err := os.Stat(filepath.Join(dir, "usual")); err != nil {
		t.Fatal(err)
	} else if info, err := os.Stat(fresh); err != nil || info.Mode() != usual.Mode() {
		t.Errorf("mode %v, not as usual", info.Mode())
	}

	link := filepath.Join(dir, "sub", "link")
	check(t, "link", link, Write(link, []byte("new")), "")
	if got := get(t, filepath.Join(dir, "file")); got != "new" {
		t.Errorf("what the link leads to has %q", got)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&fs.ModeSymlink == 0 {
		t.Errorf("the link is none any more")
	}
	check(t, "out", filepath.Join(dir, "out"), Write(filepath.Join(dir, "out"), nil), "is a link out of the repository")
	check(t, "dangling", filepath.Join(dir, "dangling"), Write(filepath.Join(dir, "dangling"), nil), "is a link to nothing")
	check(t, "folder", filepath.Join(dir, "sub"), Write(filepath.Join(dir, "sub"), nil), "is a folder, not a file")
	if got := get(t, filepath.Join(dir, "..", "secret")); got != "secret" {
		t.Errorf("the secret is %q", got)
	}
	onlyFiles(t, dir, 10)
}

// A FIFO is written to.
func TestWriteFIFO(t *testing.T) {
	fifo := filepath.Join(t.TempDir(), "fifo")
	makeFIFO(t, fifo)
	written := make(chan error, 1)
	go func() { written <- Write(fifo, []byte("text")) }()
	file, err := os.Open(fifo)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if text, err := io.ReadAll(file); string(text) != "text" || err != nil {
		t.Errorf("%q, %v", text, err)
	}
	if err := <-written; err != nil {
		t.Error(err)
	}
}

// A file that somebody has open is written to under its name as an open file.
func TestWriteOpenFile(t *testing.T) {
	file, err := os.CreateTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if _, err := file.WriteString("before, "); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join("/dev/fd", fmt.Sprint(file.Fd()))
	if _, err := os.Stat(name); err != nil {
		t.Skip(err)
	}
	if err := Write(name, []byte("after")); err != nil {
		t.Fatal(err)
	}
	if got := get(t, file.Name()); got != "before, after" {
		t.Errorf("it has %q", got)
	}
}
