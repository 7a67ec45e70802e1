package lint

import "strconv"

// plural returns "1 finding" or "2 findings".
func plural(n int, one, many string) string {
	return strconv.Itoa(n) + " " + noun(n, one, many)
}

// noun returns the word without the number.
func noun(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}
