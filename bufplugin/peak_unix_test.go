//go:build unix

package bufplugin

import (
	"os"
	"runtime"
	"syscall"
)

// peakMegabytes is the most memory that a process had resident, in 10⁶ bytes.
func peakMegabytes(state *os.ProcessState) float64 {
	usage, ok := state.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	unit := 1024.0
	if runtime.GOOS == "darwin" {
		unit = 1 // getrusage(2) counts bytes there
	}
	return float64(usage.Maxrss) * unit / 1e6
}
