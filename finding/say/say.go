// Package say words what messages have in common: numbers and lists of
// things, chains, the names of RPCs and status codes, times, and pieces of
// code.
package say

import (
	"fmt"
	"strconv"
	"strings"
)

// Count returns "1 finding", "2 findings".
func Count(n int, noun string) string { return strconv.Itoa(n) + " " + Form(n, noun, noun+"s") }

// Form chooses between the forms of a word: "is" and "are".
func Form(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// More names one thing and counts others: "Orders.Get and 2 more RPCs", or
// without a noun "Orders.Get and 2 more".
func More(first string, others int, noun string) string {
	switch {
	case others == 0:
		return first
	case noun == "":
		return fmt.Sprintf("%s and %d more", first, others)
	}
	return first + " and " + Count(others, "more "+noun)
}

// And returns "a", "a and b", "a, b and c".
func And(list []string) string { return joined(list, " and ") }

// Or returns "a", "a or b", "a, b or c".
func Or(list []string) string { return joined(list, " or ") }

func joined(list []string, last string) string {
	if len(list) < 2 {
		return strings.Join(list, "")
	}
	return strings.Join(list[:len(list)-1], ", ") + last + list[len(list)-1]
}

// Some is And for the first of a list, and counts the others: "a, b and 3
// more".
func Some(list []string, most int, noun string) string {
	if len(list) <= most {
		return And(list)
	}
	return More(strings.Join(list[:most], ", "), len(list)-most, noun)
}
