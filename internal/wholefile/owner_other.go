//go:build !unix

package wholefile

import (
	"io/fs"
	"os"
)

// keepOwner has nothing to do: files have no owner here, or inherit it.
func keepOwner(*os.File, fs.FileInfo) {}
