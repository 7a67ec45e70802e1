package source

import (
	"testing"
	"time"
)

func TestParse(t *testing.T) {
	for text, want := range map[string]time.Duration{"60": time.Minute, "60s": time.Minute, "1h 30m": 90 * time.Minute, "500ms": time.Second / 2, "x": -1, "": -1, "3q": -1} {
		got, ok := ParseNginxDuration(text)
		if ok != (want >= 0) || ok && got != want {
			t.Errorf("nginx %q: %v, %v", text, got, ok)
		}
	}
	for text, want := range map[string]time.Duration{"1.5s": 1500 * time.Millisecond, "0s": 0, "-1s": -1, "5": -1} {
		got, ok := ParseDuration(text)
		if ok != (want >= 0) || ok && got != want {
			t.Errorf("%q: %v, %v", text, got, ok)
		}
	}
	for text, want := range map[string]int64{"0": 0, "1m": 1 << 20, "512K": 512 << 10, "4g": 4 << 30, "": -1, "m": -1, "1x": -1} {
		got, ok := ParseSize(text)
		if ok != (want >= 0) || ok && got != want {
			t.Errorf("size %q: %v, %v", text, got, ok)
		}
	}
}
