package serviceconfig

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/rule"
)

var durationCheck = check{id: "serviceconfig/duration"}

// maxProtoSeconds is the largest protobuf Duration, about 10 000 years.
const maxProtoSeconds = 315_576_000_000

// A durationError says what keeps grpc-go from reading a duration, so as to
// follow "because".
type durationError string

func (e durationError) Error() string { return string(e) }

// parseDuration reads a duration as grpc-go does, with its quirks: signs
// inside count ("--1s" is one second), and what lies beyond the 292 years of
// a time.Duration is cut off there.
func parseDuration(s string) (time.Duration, error) {
	digits, ok := strings.CutSuffix(s, "s")
	if !ok {
		return 0, durationError("it does not end in s for seconds")
	}
	digits, negative := strings.CutPrefix(digits, "-")
	whole, fraction, _ := strings.Cut(digits, ".")
	if strings.Contains(fraction, ".") {
		return 0, durationError("it has more than one decimal point")
	}
	if whole == "" && fraction == "" {
		return 0, durationError("it has no digits")
	}
	var seconds, nanos int64
	var err error
	if whole != "" {
		if seconds, err = strconv.ParseInt(whole, 10, 64); err != nil {
			return 0, notNumeric(whole, err)
		}
		if seconds > maxProtoSeconds {
			return 0, durationError(fmt.Sprintf("it is more than %d seconds", int64(maxProtoSeconds)))
		}
	}
	if fraction != "" {
		if len(fraction) > 9 {
			return 0, durationError("it has more than 9 decimal places")
		}
		if nanos, err = strconv.ParseInt(fraction, 10, 64); err != nil {
			return 0, notNumeric(fraction, err)
		}
		for range 9 - len(fraction) {
			nanos *= 10
		}
	}
	if negative {
		seconds, nanos = -seconds, -nanos
	}
	const most, least = math.MaxInt64, math.MinInt64
	const second = int64(time.Second)
	switch {
	case seconds > most/second || seconds == most/second && nanos >= most%second:
		return most, nil
	case seconds < least/second || seconds == least/second && nanos <= least%second:
		return least, nil
	}
	return time.Duration(seconds*second + nanos), nil
}

func notNumeric(digits string, err error) error {
	if e, ok := err.(*strconv.NumError); ok && e.Err == strconv.ErrRange {
		return durationError(fmt.Sprintf("it is more than %d seconds", int64(maxProtoSeconds)))
	}
	return durationError(fmt.Sprintf("%s is no number", clip(digits)))
}

// isProtoDuration reports whether s is what protobuf's JSON mapping takes
// for a duration, and so every implementation: an optional minus sign,
// digits, and up to nine decimal places.
func isProtoDuration(s string) bool {
	digits, ok := strings.CutSuffix(s, "s")
	if !ok {
		return false
	}
	digits = strings.TrimPrefix(digits, "-")
	whole, fraction, dotted := strings.Cut(digits, ".")
	return isDigits(whole) && (!dotted || isDigits(fraction) && len(fraction) <= 9)
}

func isDigits(s string) bool {
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return false
		}
	}
	return s != ""
}

// FormatDuration writes a duration as service configs have it.
func FormatDuration(d time.Duration) string { return formatDuration(d) }

// formatDuration writes a duration as service configs have it, with no more
// decimal places than needed.
func formatDuration(d time.Duration) string {
	sign, whole, fraction := "", int64(d/time.Second), int64(d%time.Second)
	if d < 0 {
		sign, whole, fraction = "-", -whole, -fraction
	}
	s := fmt.Sprintf("%s%d.%09d", sign, whole, fraction)
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".") + "s"
}

// meantDuration guesses what a text that is no duration was meant to be: the
// form that Go's time.ParseDuration reads ("400ms", "1m30s"), with blanks or
// without, or one with a decimal comma or an upper-case unit.
func meantDuration(s string) (string, bool) {
	s = strings.ToLower(strings.Join(strings.Fields(s), ""))
	s = strings.Replace(s, ",", ".", 1)
	for _, unit := range []struct{ long, short string }{
		{"milliseconds", "ms"}, {"millis", "ms"}, {"msec", "ms"}, {"seconds", "s"}, {"second", "s"}, {"secs", "s"}, {"sec", "s"},
		{"minutes", "m"}, {"minute", "m"}, {"mins", "m"}, {"min", "m"}, {"hours", "h"}, {"hour", "h"},
	} {
		if number, ok := strings.CutSuffix(s, unit.long); ok {
			s = number + unit.short
			break
		}
	}
	d, err := time.ParseDuration(s)
	if err != nil || d == 0 && s != "0" && !strings.HasPrefix(s, "0") {
		return "", false
	}
	return formatDuration(d), true
}

// duration reads a duration, or reports what keeps it from being one. Null
// is one only where grpc-go has a pointer, which is the caller's to know.
func (c *checker) duration(m member) *durationValue {
	if m.value.kind != text {
		c.badDuration(m.key, m.value, durationError("it is "+c.what(m.value)))
		return nil
	}
	d, err := parseDuration(m.value.text)
	if err != nil {
		c.badDuration(m.key, m.value, err)
		return nil
	}
	return &durationValue{d, m.key, m.value}
}

func (c *checker) badDuration(key, n *node, err error) {
	i := at(n, durationCheck, finding.Rejected, "grpc-go refuses the config: %s is no duration such as \"0.4s\": %s", c.what(n), err)
	if n.kind != text {
		i.message = fmt.Sprintf("grpc-go refuses the config: %s is a duration such as \"0.4s\", this is %s", label(key, "it"), c.what(n))
	}
	switch {
	case n.kind == text && len(n.text) < 40:
		if meant, ok := meantDuration(n.text); ok {
			i.fix = rename(n, meant, true)
			i.message = fmt.Sprintf("grpc-go refuses the config: %s is no duration, %q is", clip(n.text), meant)
		}
	case n.kind == number && isPlainNumber(n.text):
		i.fix = rename(n, n.text+"s", false) // or milliseconds
	}
	if i.fix == nil && n.kind == text && isPlainNumber(n.text) {
		i.fix = rename(n, n.text+"s", false)
	}
	c.add(i)
}

// quirkyDuration reports a duration that grpc-go reads by accident.
func (c *checker) quirkyDuration(d *durationValue) {
	if isProtoDuration(d.at.text) {
		return
	}
	i := at(d.at, durationCheck, finding.Portability, "other implementations refuse %s: in protobuf JSON it is %q",
		clip(d.at.text), formatDuration(d.value))
	i.severity = rule.Warning
	i.fix = rename(d.at, formatDuration(d.value), true)
	c.add(i)
}
