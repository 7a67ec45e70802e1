package status

import (
	"strconv"
	"strings"
)

// atLeast reports whether a version of grpc-go ("1.64.0-dev") is major.minor
// or newer; an unknown one is not.
func atLeast(version string, major, minor int) bool {
	parts := strings.SplitN(version, ".", 3)
	if len(parts) < 2 {
		return false
	}
	haveMajor, err1 := strconv.Atoi(parts[0])
	haveMinor, err2 := strconv.Atoi(parts[1])
	if err1 != nil || err2 != nil {
		return false
	}
	return haveMajor > major || haveMajor == major && haveMinor >= minor
}
