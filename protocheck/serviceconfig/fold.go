package serviceconfig

import "unicode"

// fold maps keys that encoding/json takes for the same field to the same
// text. It ignores case as Unicode has it: the Kelvin sign is a k, the long s
// is an s.
func fold(key string) string {
	folded := make([]rune, 0, len(key))
	for _, r := range key {
		folded = append(folded, foldRune(r))
	}
	return string(folded)
}

// foldRune returns the smallest of the characters that differ from r in case
// only.
func foldRune(r rune) rune {
	if 'a' <= r && r <= 'z' {
		return r - ('a' - 'A')
	}
	if r < 0x80 {
		return r
	}
	for {
		next := unicode.SimpleFold(r)
		if next <= r {
			return next
		}
		r = next
	}
}
