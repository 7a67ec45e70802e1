package wholefile

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
)

// ErrChanged is the reason not to replace a file that is not as it was.
var ErrChanged = errors.New("was changed meanwhile")

// Replace gives a file that has the text before another one, or leaves it as
// it is. It refuses links: what a link leads to is replaced where it lies. A
// file with several names is replaced under this one; the others keep the old
// text, as with editors that write beside.
func Replace(path string, before, after []byte) error {
	return named("writing", path, func() error {
		info, err := os.Lstat(path)
		if err != nil {
			return err
		}
		if info.Mode()&fs.ModeSymlink != 0 {
			return errors.New("is a link")
		}
		now, err := read(path, max(int64(len(before)), 1))
		if err != nil || !bytes.Equal(now, before) {
			return ErrChanged
		}
		return beside(path, after, info)
	})
}

// Write writes a file that is then complete or as it was before. What is no
// regular file, such as a FIFO or the standard output by its name, is written
// to as it is. A link out of the repository that it lies in is refused; what
// another one leads to is written.
func Write(path string, text []byte) error {
	return named("writing", path, func() error {
		if err := staysInside(path); err != nil {
			return err
		}
		info, err := os.Stat(path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return beside(path, text, nil)
		case err != nil:
			return err
		case info.IsDir():
			return isRegular(info)
		case !info.Mode().IsRegular() || isOpenFile(path):
			return into(path, text)
		}
		target, err := filepath.EvalSymlinks(path)
		if err != nil {
			return err
		}
		return beside(target, text, info)
	})
}

func named(op, path string, do func() error) error {
	if err := do(); err != nil {
		return &fs.PathError{Op: op, Path: path, Err: Reason(err)}
	}
	return nil
}

// isOpenFile reports whether a name stands for a file that a process has open
// already, such as /dev/stdout: whoever reads that waits for the very file.
func isOpenFile(path string) bool {
	path = filepath.ToSlash(path)
	return strings.HasPrefix(path, "/dev/") || strings.HasPrefix(path, "/proc/")
}

// into writes behind what is there.
func into(path string, text []byte) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return err
	}
	_, err = file.Write(text)
	return errors.Join(err, file.Close())
}

// beside writes a new file and then gives it the name. It gets the mode of the
// old one, if there is one, and the owner as far as the system allows.
func beside(path string, text []byte, old fs.FileInfo) error {
	if old != nil && old.Mode().Perm()&0o200 == 0 {
		return errors.New("is read-only")
	}
	name := filepath.Join(filepath.Dir(path), fmt.Sprintf(".%s-%x", filepath.Base(path), rand.Uint64()))
	temp, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	defer os.Remove(name) // in vain if all is well
	_, err = temp.Write(text)
	if err == nil && old != nil {
		keepOwner(temp, old)
		err = temp.Chmod(old.Mode().Perm())
	}
	if err == nil {
		err = temp.Sync()
	}
	if err := errors.Join(err, temp.Close()); err != nil {
		return err
	}
	return os.Rename(name, path)
}
