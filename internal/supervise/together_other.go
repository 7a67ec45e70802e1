//go:build !unix && !windows

package supervise

func endTogether() {}
