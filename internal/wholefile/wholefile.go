// Package wholefile reads and writes the files of a project, as a whole or not
// at all. All that grpclint reads and writes there goes through it, because a
// project may be anybody's: a name may stand for a FIFO that nobody writes to,
// for a device that has no end, or for a link to what is none of the project's
// business.
package wholefile

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// Sizes that files may have. They are far above what anybody writes, and below
// what hurts.
const (
	Settings = 10 << 20  // of configurations, go.mod and the like
	Text     = 256 << 20 // of source code, and of what is generated
)

// Read reads a regular file of at most some bytes. Its error, a
// [fs.PathError], names the file.
func Read(path string, most int64) ([]byte, error) {
	text, err := read(path, most)
	if err != nil {
		return nil, &fs.PathError{Op: "reading", Path: path, Err: Reason(err)}
	}
	return text, nil
}

func read(path string, most int64) ([]byte, error) {
	// Some devices take being opened for an order, hence the question before.
	info, err := os.Stat(path)
	if err != nil {
		if there, _ := Exists(path); there && errors.Is(err, fs.ErrNotExist) {
			return nil, errDangling
		}
		return nil, err
	}
	if err := isRegular(info); err != nil {
		return nil, err
	}
	file, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	if info, err = file.Stat(); err != nil { // it may be another one by now
		return nil, err
	}
	if err := isRegular(info); err != nil {
		return nil, err
	}
	if info.Size() > most {
		return nil, tooLarge(most)
	}
	text := make([]byte, 0, info.Size()+1)
	for {
		n, err := file.Read(text[len(text):cap(text)])
		text = text[:len(text)+n]
		switch {
		case int64(len(text)) > most: // it grows
			return nil, tooLarge(most)
		case errors.Is(err, io.EOF):
			return text, nil
		case err != nil:
			return nil, err
		}
		if len(text) == cap(text) {
			text = append(text, 0)[:len(text)]
		}
	}
}

var errDangling = errors.New("is a link to nothing")

func isRegular(info fs.FileInfo) error {
	switch {
	case info.IsDir():
		return errors.New("is a folder, not a file")
	case !info.Mode().IsRegular():
		return errors.New("is no regular file")
	}
	return nil
}

func tooLarge(most int64) error { return fmt.Errorf("has more than %d MB", most>>20) }

// ReadOwn is as Read, and refuses a link out of the repository that it lies in:
// what it leads to is not meant to be shown to those who look at the
// repository's findings.
func ReadOwn(path string, most int64) ([]byte, error) {
	if err := staysInside(path); err != nil {
		return nil, &fs.PathError{Op: "reading", Path: path, Err: err}
	}
	return Read(path, most)
}

// Exists reports whether there is something of that name, be it a link to
// nothing. Whoever reads it is told what is wrong with it. The error is that
// nobody can know.
func Exists(path string) (bool, error) {
	_, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// staysInside returns an error for a link that leads out of the repository that
// it lies in. Where there is no repository, nobody knows what is outside.
func staysInside(path string) error {
	info, err := os.Lstat(path)
	if err != nil || info.Mode()&fs.ModeSymlink == 0 {
		return nil // reading or writing it says what is wrong
	}
	folder, err := filepath.Abs(filepath.Dir(path))
	if err != nil {
		return err
	}
	top := Repository(folder)
	if top == "" {
		return nil
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return errDangling
	} else if err != nil {
		return Reason(err)
	}
	if !leadsInto(top, path) {
		return errors.New("is a link out of the repository")
	}
	return nil
}

// leadsInto reports whether a path leads to something in a folder.
func leadsInto(folder, path string) bool {
	folder, err := filepath.EvalSymlinks(folder)
	if err != nil {
		return false
	}
	target, err := filepath.EvalSymlinks(path)
	if err != nil {
		return false
	}
	rel, err := filepath.Rel(folder, target)
	return err == nil && filepath.IsLocal(rel)
}

// Repository returns the root of the repository that a folder lies in, or "".
func Repository(folder string) string {
	for {
		if found, _ := Exists(filepath.Join(folder, ".git")); found {
			return folder
		}
		above := filepath.Dir(folder)
		if above == folder {
			return ""
		}
		folder = above
	}
}

// Reason is an error without the file's name, for those who tell that
// otherwise.
func Reason(err error) error {
	var wrapped *fs.PathError
	if errors.As(err, &wrapped) {
		err = wrapped.Err
	}
	if errors.Is(err, syscall.ELOOP) || strings.Contains(err.Error(), "too many links") {
		return errors.New("is a link that leads back to itself")
	}
	return err
}
