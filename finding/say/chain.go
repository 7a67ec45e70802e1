package say

import (
	"strings"
	"unicode/utf8"
)

const (
	arrow = " → "
	left  = "…" // of what is left out
)

// Chain writes how one thing leads to another: calls between a cause and what
// comes of it, files that import each other. One that takes more than room characters
// loses links behind the first, and in the end that, too: where it leads to
// says most.
func Chain(links []string, room int) string {
	text := strings.Join(links, arrow)
	for i := 2; utf8.RuneCountInString(text) > room && i < len(links); i++ {
		text = links[0] + arrow + left + arrow + strings.Join(links[i:], arrow)
	}
	if utf8.RuneCountInString(text) > room && len(links) > 1 {
		return left + arrow + links[len(links)-1]
	}
	return text
}

// Via is Chain behind what the chain explains: " (load → fetch)", or nothing
// if there are no links.
func Via(links []string) string {
	const room = 50
	if len(links) == 0 {
		return ""
	}
	return " (" + Chain(links, room) + ")"
}
