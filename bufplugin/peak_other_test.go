//go:build !unix

package bufplugin

import "os"

// peakMegabytes is not known here.
func peakMegabytes(*os.ProcessState) float64 { return 0 }
