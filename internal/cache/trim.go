package cache

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// unfinished is the end of the names of files that are being written.
const unfinished = ".unfinished"

// abandoned is how long it takes at most to write an entry.
const abandoned = time.Hour

// An entry is a file of the folder.
type entry struct {
	name string
	size int64
	used time.Time
}

// entries returns those of the folder, those not used for longest first.
func (f *Folder) entries() ([]entry, error) {
	var found []entry
	err := filepath.WalkDir(f.path, func(path string, e fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil // nothing was put yet, or somebody else cleans up
		case err != nil:
			return err
		case !e.Type().IsRegular() || !strings.HasSuffix(path, extension) && !strings.HasSuffix(path, unfinished):
			return nil // not ours
		}
		if info, err := e.Info(); err == nil {
			found = append(found, entry{path, info.Size(), info.ModTime()})
		}
		return nil
	})
	slices.SortFunc(found, func(a, b entry) int {
		return cmp.Or(a.used.Compare(b.used), cmp.Compare(a.name, b.name))
	})
	return found, err
}

// Size returns how many entries there are, and their bytes.
func (f *Folder) Size() (count int, bytes int64, err error) {
	found, err := f.entries()
	for _, e := range found {
		bytes += e.size
	}
	return len(found), bytes, err
}

// Clean removes all entries, and returns how many bytes they had. What else is
// in the folder stays.
func (f *Folder) Clean() (bytes int64, err error) {
	found, err := f.entries()
	for _, e := range found {
		if failed := os.Remove(e.name); failed != nil && !errors.Is(failed, fs.ErrNotExist) {
			err = errors.Join(err, failed)
			continue
		}
		bytes += e.size
		_ = os.Remove(filepath.Dir(e.name)) // which only goes if it is empty
	}
	_ = os.Remove(filepath.Join(f.path, trimmed))
	_ = os.Remove(f.path)
	return bytes, err
}

// trimmed marks by its time when the folder was last looked through.
const trimmed = "trimmed"

// often is how often the folder is looked through at most.
const often = 24 * time.Hour

// Most is how large the folder may become, in bytes, until it is looked through.
const Most = 1 << 30

// Trim removes the entries that were not used for longest, until the others
// have at most so many bytes, and files that nobody will finish. It looks once
// a day, whoever does.
func (f *Folder) Trim(most int64) {
	if f == nil || f.Err() != nil {
		return
	}
	mark := filepath.Join(f.path, trimmed)
	now := time.Now()
	if info, err := os.Stat(mark); err == nil && now.Sub(info.ModTime()).Abs() < often {
		return
	}
	if err := os.WriteFile(mark, nil, 0o666); err != nil {
		return
	}
	_ = os.Chtimes(mark, now, now) // else it is looked through again
	found, _ := f.entries()
	total := int64(0)
	for _, e := range found {
		total += e.size
	}
	for _, e := range found {
		if total > most || strings.HasSuffix(e.name, unfinished) && now.Sub(e.used) > abandoned {
			if os.Remove(e.name) == nil {
				total -= e.size
			}
		}
	}
}
