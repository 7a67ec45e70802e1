package source

import (
	"strconv"
	"strings"
	"time"
)

// ParseDuration reads a duration of Kubernetes, Istio or Envoy ("1.5s",
// "500ms", "1m30s"). Negative ones are none.
func ParseDuration(text string) (time.Duration, bool) {
	d, err := time.ParseDuration(strings.TrimSpace(text))
	return d, err == nil && d >= 0
}

// ParseNginxDuration reads a duration of nginx: "60", "60s", "1h 30m", "500ms".
// A number without a unit is in seconds.
func ParseNginxDuration(text string) (time.Duration, bool) {
	if seconds, err := strconv.Atoi(text); err == nil {
		return time.Duration(seconds) * time.Second, seconds >= 0
	}
	var sum time.Duration
	for part := range strings.FieldsSeq(text) {
		digits := strings.TrimRight(part, "msMhdwy")
		n, err := strconv.Atoi(digits)
		if err != nil || n < 0 || n > 1<<31 {
			return 0, false
		}
		unit, ok := map[string]time.Duration{
			"ms": time.Millisecond, "s": time.Second, "m": time.Minute, "h": time.Hour,
			"d": 24 * time.Hour, "w": 7 * 24 * time.Hour, "M": 30 * 24 * time.Hour, "y": 365 * 24 * time.Hour,
		}[part[len(digits):]]
		if !ok {
			return 0, false
		}
		sum += time.Duration(n) * unit
	}
	return sum, sum > 0
}

// ParseSize reads a number of bytes as nginx writes it: "1m", "512k", "10g".
func ParseSize(text string) (bytes int64, ok bool) {
	text = strings.ToLower(strings.TrimSpace(text))
	unit := int64(1)
	if text != "" {
		switch text[len(text)-1] {
		case 'k':
			unit = 1 << 10
		case 'm':
			unit = 1 << 20
		case 'g':
			unit = 1 << 30
		}
	}
	if unit > 1 {
		text = text[:len(text)-1]
	}
	n, err := strconv.ParseInt(text, 10, 33)
	return n * unit, err == nil && n >= 0
}
