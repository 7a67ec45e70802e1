package command

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/grpclint/grpclint/finding/say"
	"github.com/grpclint/grpclint/internal/cache"
)

// Cache prints how large the cache is, or empties it.
func Cache(_ context.Context, args []string, stdout, stderr io.Writer) int {
	set := NewFlags("cache")
	if status, done := begin(set, "grpclint cache size|clean", args, stdout, stderr); done {
		return status
	}
	folder := cache.User()
	if folder == nil {
		return fail(stderr, errors.New("there is no cache: GRPCLINT_CACHE is off or no absolute path, or the system has no folder for caches"))
	}
	var err error
	switch {
	case set.NArg() == 1 && set.Arg(0) == "size":
		count, bytes := 0, int64(0)
		if count, bytes, err = folder.Size(); err == nil {
			fmt.Fprintf(stdout, "%s, %s in %s\n", say.Count(count, "file"), megabytes(bytes), folder.Path())
		}
	case set.NArg() == 1 && set.Arg(0) == "clean":
		var bytes int64
		if bytes, err = folder.Clean(); err == nil {
			fmt.Fprintf(stdout, "removed %s from %s\n", megabytes(bytes), folder.Path())
		}
	default:
		return fail(stderr, fmt.Errorf("cache takes one argument, size or clean, got %q", set.Args()))
	}
	if err != nil {
		return fail(stderr, err)
	}
	return exitOK
}

func megabytes(bytes int64) string { return fmt.Sprintf("%.1f MB", float64(bytes)/1e6) }
