package rule

import "strings"

// Nearest returns the known id or family that looks most like text, or ""
// when none comes near it.
func Nearest(text string) string {
	var names []string
	seen := make(map[string]bool)
	for _, r := range catalogue() {
		if !seen[r.Family()] {
			seen[r.Family()] = true
			names = append(names, r.Family())
		}
		names = append(names, r.ID)
	}
	return NearestOf(text, names)
}

// NearestOf returns the candidate with the fewest single-character edits
// from text, the first of several, or "" when even the best differs in more
// than a third of text (and in more than two characters). The only one that
// text abbreviates is near, too.
func NearestOf(text string, candidates []string) string {
	best, bestDistance := "", max(2, len(text)/3)+1
	for _, c := range candidates {
		if d := EditDistance(text, c, bestDistance-1); d < bestDistance {
			best, bestDistance = c, d
		}
	}
	if best == "" {
		return extension(text, candidates)
	}
	return best
}

// extension returns the only candidate of which text is the greater part, and
// the beginning.
func extension(text string, candidates []string) string {
	const least = 3 // letters that say something
	only := ""
	for _, c := range candidates {
		rest, ok := strings.CutPrefix(c, text)
		if !ok || len(text) < least || len(rest) >= len(text) {
			continue
		}
		if only != "" {
			return ""
		}
		only = c
	}
	return only
}

// EditDistance is the number of single-character edits between a and b, by
// bytes, or anything above most when there are more. Its cost is bounded by
// the shorter text.
func EditDistance(a, b string, most int) int {
	if len(a)-len(b) > most || len(b)-len(a) > most {
		return most + 1
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			substituted := diagonal
			if a[i] != b[j] {
				substituted++
			}
			diagonal = row[j+1]
			row[j+1] = min(substituted, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
