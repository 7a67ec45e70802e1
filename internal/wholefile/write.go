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

var errReadOnly = errors.New("is read-only")

// ErrChanged is the reason not to replace a file that is not as it was.
var ErrChanged = errors.New("was changed meanwhile")

// Replaceable returns why [Replace] would refuse a file.
func Replaceable(path string) error {
	return named("writing", path, func() error {
		_, _, err := replaceable(path)
		return err
	})
}

// replaceable returns the file that a path leads to.
func replaceable(path string) (string, fs.FileInfo, error) {
	folder, err := filepath.Abs(filepath.Dir(path))
	if err != nil {
		return "", nil, err
	}
	info, err := os.Lstat(path)
	if err != nil {
		return "", nil, err
	}
	switch top := Repository(folder); {
	case info.Mode()&fs.ModeSymlink != 0 && top == "":
		return "", nil, errors.New("is a link")
	case info.Mode()&fs.ModeSymlink != 0 && !leadsInto(top, path):
		return "", nil, errors.New("is a link out of the repository")
	case top != "" && !leadsInto(top, folder):
		return "", nil, errors.New("is outside of the repository, by a link")
	}
	if path, err = filepath.EvalSymlinks(path); err != nil {
		return "", nil, err
	}
	if info, err = os.Stat(path); err != nil {
		return "", nil, err
	}
	if info.Mode().Perm()&0o200 == 0 {
		return "", nil, errReadOnly
	}
	return path, info, isRegular(info)
}

// Replace gives a file that has the text before another one, or leaves it as
// it is. It follows links inside of a repository, and refuses others. A file
// with several names is replaced under this one; the others keep the old text,
// as with editors that write beside.
func Replace(path string, before, after []byte) error {
	return named("writing", path, func() error {
		target, info, err := replaceable(path)
		if err != nil {
			return err
		}
		now, err := read(target, max(int64(len(before)), 1))
		if err != nil || !bytes.Equal(now, before) {
			return ErrChanged
		}
		return beside(target, after, info)
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
		return errReadOnly
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
