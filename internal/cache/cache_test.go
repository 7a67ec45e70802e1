package cache_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/grpclint/grpclint/internal/cache"
)

func key(text string) cache.Key { return sha256.Sum256([]byte(text)) }

// files returns the files below a folder.
func files(t *testing.T, dir string) (names []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			names = append(names, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func TestKept(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "not", "there")
	for _, text := range []string{"", "x", strings.Repeat("long ", 100_000)} {
		folder := cache.In(dir)
		if _, ok := folder.Get(key(text)); ok {
			t.Errorf("%.10q: it is there before it was put", text)
		}
		folder.Put(key(text), []byte(text))
		got, ok := cache.In(dir).Get(key(text))
		if !ok || string(got) != text || folder.Err() != nil {
			t.Errorf("%.10q: got %.10q, %v, %v", text, got, ok, folder.Err())
		}
	}
}

// An entry of which a single bit is wrong, or that somebody cut off, is none.
func TestCorrupt(t *testing.T) {
	dir := t.TempDir()
	folder := cache.In(dir)
	folder.Put(key("a"), []byte("some text"))
	name := files(t, dir)[0]
	whole, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	wrong := [][]byte{nil, append(bytes.Clone(whole), 0), []byte("something else")}
	for i := range whole {
		flipped := bytes.Clone(whole)
		flipped[i] ^= 1
		wrong = append(wrong, flipped, whole[:i])
	}
	for _, text := range wrong {
		if err := os.WriteFile(name, text, 0o666); err != nil {
			t.Fatal(err)
		}
		if got, ok := folder.Get(key("a")); ok {
			t.Errorf("believed %q, which says %q", text, got)
		}
	}
	folder.Put(key("a"), []byte("some text"))
	if _, ok := folder.Get(key("a")); !ok {
		t.Error("a wrong entry was not replaced")
	}
}

// Where nothing can be written nothing is kept, and somebody knows why.
func TestUnwritable(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	folder := cache.In(filepath.Join(file, "below"))
	folder.Put(key("a"), []byte("a"))
	if _, ok := folder.Get(key("a")); ok || folder.Err() == nil {
		t.Errorf("kept: %v, error %v", ok, folder.Err())
	}
	folder.Trim(0)
	if count, _, err := folder.Size(); count != 0 {
		t.Errorf("%d entries, %v", count, err)
	}
}

func TestNone(t *testing.T) {
	var none *cache.Folder
	none.Put(key("a"), []byte("a"))
	if _, ok := none.Get(key("a")); ok || none.Err() != nil {
		t.Error("the folder that is none kept something")
	}
	none.Trim(0)
}

// Several write and read the same entries at once: whoever reads gets all of
// an entry or nothing.
func TestTogether(t *testing.T) {
	dir := t.TempDir()
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			folder := cache.In(dir)
			for i := range 50 {
				text := strings.Repeat(fmt.Sprint(i), 1000)
				if got, ok := folder.Get(key(fmt.Sprint(i))); ok && string(got) != text {
					t.Errorf("got %.20q", got)
				}
				folder.Put(key(fmt.Sprint(i)), []byte(text))
				if i == 25 {
					if _, err := folder.Clean(); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	all.Wait()
}

func TestTrim(t *testing.T) {
	dir := t.TempDir()
	folder := cache.In(dir)
	now := time.Now()
	foreign := filepath.Join(dir, "notes.txt")
	if err := os.WriteFile(foreign, []byte("mine"), 0o666); err != nil {
		t.Fatal(err)
	}
	data := make([]byte, 1000)
	for i := range 10 {
		folder.Put(key(fmt.Sprint(i)), data)
	}
	for _, name := range files(t, dir) {
		for i := range 10 {
			if strings.Contains(name, key(fmt.Sprint(i)).String()) {
				at := now.Add(time.Duration(i-10) * 2 * time.Hour)
				if err := os.Chtimes(name, at, at); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	if _, ok := folder.Get(key("0")); !ok { // the oldest is used again
		t.Fatal("entry 0 is gone")
	}
	abandoned := filepath.Join(filepath.Dir(files(t, dir)[0]), "1.unfinished")
	if err := os.WriteFile(abandoned, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(abandoned, now.Add(-2*time.Hour), now.Add(-2*time.Hour)); err != nil {
		t.Fatal(err)
	}
	folder.Trim(5500)
	var left []int
	for i := range 10 {
		if _, ok := folder.Get(key(fmt.Sprint(i))); ok {
			left = append(left, i)
		}
	}
	if want := "[0 6 7 8 9]"; fmt.Sprint(left) != want {
		t.Errorf("left are %v, want %s", left, want)
	}
	if _, err := os.Stat(abandoned); err == nil {
		t.Error("a file that nobody will finish is still there")
	}

	folder.Put(key("new"), data)
	folder.Trim(0) // not again today
	if _, ok := folder.Get(key("new")); !ok {
		t.Error("looked through twice in a day")
	}
	if _, err := folder.Clean(); err != nil {
		t.Fatal(err)
	}
	if count, bytes, err := folder.Size(); count != 0 || bytes != 0 || err != nil {
		t.Errorf("after Clean: %d entries, %d bytes, %v", count, bytes, err)
	}
	if text, err := os.ReadFile(foreign); err != nil || string(text) != "mine" {
		t.Errorf("somebody else's file: %q, %v", text, err)
	}
}

func TestUser(t *testing.T) {
	dir := t.TempDir()
	for _, test := range []struct{ variable, want string }{
		{dir, dir}, {"off", ""}, {"relative", ""},
	} {
		t.Setenv("GRPCLINT_CACHE", test.variable)
		got := ""
		if folder := cache.User(); folder != nil {
			got = folder.Path()
		}
		if got != test.want {
			t.Errorf("GRPCLINT_CACHE=%s: %q, want %q", test.variable, got, test.want)
		}
	}
	t.Setenv("GRPCLINT_CACHE", "")
	t.Setenv("XDG_CACHE_HOME", dir)
	t.Setenv("HOME", dir)
	if folder := cache.User(); folder == nil || !strings.HasPrefix(folder.Path(), dir) {
		t.Errorf("the user's folder is %v", folder)
	}
}
