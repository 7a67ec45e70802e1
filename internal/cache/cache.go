// Package cache keeps on disk what takes long to find out and does not change:
// each entry under a key that is made of all that it follows from.
//
//	<folder>/3f/3f9a….entry    sum of the rest, its form, then the rest
//
// Any number of processes, of different versions, may share a folder. An entry
// is written beside its place and then put there, so that nobody sees half of
// it; what a crash or a full disk leaves behind has another sum, and counts as
// not being there. Nothing that goes wrong here is an error of the program: it
// only makes it slower.
package cache

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/grpclint/grpclint/internal/wholefile"
)

// A Key says what an entry follows from.
type Key [sha256.Size]byte

// String returns the key's digits.
func (k Key) String() string { return hex.EncodeToString(k[:]) }

// A Folder holds entries. The nil folder holds none, and takes none.
type Folder struct {
	path string

	mu     sync.Mutex
	failed error // the first entry that could not be written
}

// In returns the folder of that name, which need not be there.
func In(path string) *Folder { return &Folder{path: path} }

// User returns the folder of whoever runs the program: what GRPCLINT_CACHE names,
// or grpclint in the system's folder for caches. It is nil if there is none, or
// if the variable says "off".
func User() *Folder {
	place := os.Getenv("GRPCLINT_CACHE")
	if place == "" {
		folder, err := os.UserCacheDir()
		if err != nil {
			return nil
		}
		place = filepath.Join(folder, "grpclint")
	}
	if place == "off" || !filepath.IsAbs(place) {
		return nil
	}
	return In(place)
}

// Path returns where the folder is.
func (f *Folder) Path() string { return f.path }

// most bounds how large an entry may be, in bytes.
const most = 256 << 20

const extension = ".entry"

func (f *Folder) file(key Key) string {
	digits := key.String()
	return filepath.Join(f.path, digits[:2], digits+extension)
}

// used is how long an entry is known to have been used lately: whoever uses it
// after that says so again.
const used = time.Hour

// Get returns what was put under a key. It must not be changed.
func (f *Folder) Get(key Key) (data []byte, ok bool) {
	if f == nil {
		return nil, false
	}
	name := f.file(key)
	text, err := wholefile.Read(name, most)
	if err != nil || len(text) <= sha256.Size {
		return nil, false
	}
	if sum := sha256.Sum256(text[sha256.Size:]); !bytes.Equal(sum[:], text[:sha256.Size]) {
		return nil, false
	}
	if data, err = unpack(text[sha256.Size:]); err != nil {
		return nil, false
	}
	if info, err := os.Stat(name); err == nil {
		if now := time.Now(); now.Sub(info.ModTime()) > used {
			_ = os.Chtimes(name, now, now) // it only is thrown away sooner
		}
	}
	return data, true
}

// Put keeps data under a key. After the first entry that cannot be written no
// other is tried.
func (f *Folder) Put(key Key, data []byte) {
	if f == nil || len(data)+sha256.Size > most || f.Err() != nil {
		return
	}
	if err := f.put(key, data); err != nil {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.failed = err
	}
}

func (f *Folder) put(key Key, data []byte) (err error) {
	name := f.file(key)
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		return err
	}
	beside, err := os.CreateTemp(filepath.Dir(name), "*"+unfinished)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(beside.Name()) // a later Trim does it
		}
	}()
	text := pack(data)
	sum := sha256.Sum256(text)
	_, err = beside.Write(sum[:])
	if err == nil {
		_, err = beside.Write(text)
	}
	if err = errors.Join(err, beside.Close()); err != nil {
		return err
	}
	return os.Rename(beside.Name(), name)
}

// Err returns why nothing is kept any more, or nil.
func (f *Folder) Err() error {
	if f == nil {
		return nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.failed
}
