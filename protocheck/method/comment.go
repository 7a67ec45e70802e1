package method

import (
	"regexp"
	"strings"
)

// repeatable is in comments that say what a second call does: nothing new.
var repeatable = regexp.MustCompile(`(?i)already exists?,? (then )?(it|the \w+( \w+)?) (will be|is|gets) (replaced|overwritten|updated)|\bupserts?\b|\b(is|are) idempotent\b|\bidempotent (operation|method|call|request)\b`)

// saysRepeatable returns the words by which a comment says that a method may
// be called again, "" if it does not.
func saysRepeatable(comment string) string {
	if comment == "" {
		return ""
	}
	return repeatable.FindString(strings.Join(strings.Fields(comment), " "))
}
