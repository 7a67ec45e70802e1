package command

import (
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/grpclint/grpclint/rule"
)

// width is how many columns text is wrapped to.
const width = 80

// plainText renders the part of Markdown that rule pages are written in
// (headings, paragraphs, lists, code blocks, links) as text to be read in a
// terminal. base is the page's address, which relative links start from.
func plainText(markdown, base string) string {
	var out strings.Builder
	code := false
	for line := range strings.Lines(markdown) {
		line = strings.TrimRight(line, "\n")
		switch {
		case strings.HasPrefix(line, "```"):
			code = !code // the blank lines around it set it off
		case code && line == "":
			out.WriteString("\n")
		case code:
			out.WriteString("    " + strings.ReplaceAll(line, "\t", "    ") + "\n")
		case strings.HasPrefix(line, "#"):
			heading := strings.TrimSpace(strings.TrimLeft(line, "#"))
			out.WriteString(strings.ToUpper(heading) + "\n")
		case strings.HasPrefix(line, "- "):
			wrap(&out, inline(line[2:], base), "  - ", "    ")
		case line == "":
			out.WriteString("\n")
		default:
			wrap(&out, inline(line, base), "  ", "  ")
		}
	}
	return out.String()
}

var link = regexp.MustCompile(`\[([^\]]*)\]\(([^)]*)\)`)

// inline writes a link's address behind its text. Links between rules need
// none: their text is the id, which explain takes.
func inline(text, base string) string {
	return link.ReplaceAllStringFunc(text, func(found string) string {
		parts := link.FindStringSubmatch(found)
		label, target := parts[1], parts[2]
		ref, err := url.Parse(target)
		if err != nil {
			return label
		}
		if !ref.IsAbs() {
			if _, isRule := rule.Lookup(label); isRule {
				return label
			}
			from, err := url.Parse(base)
			if err != nil {
				return label
			}
			target = from.ResolveReference(ref).String()
		}
		return label + " <" + target + ">"
	})
}

// wrap breaks text between words. A word that is longer than a line, such
// as an address, has a line of its own.
func wrap(out *strings.Builder, text, first, indent string) {
	line, prefix := "", first
	for word := range strings.FieldsSeq(text) {
		switch {
		case line == "":
			line = prefix + word
		case utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) <= width:
			line += " " + word
		default:
			out.WriteString(line + "\n")
			prefix = indent
			line = prefix + word
		}
	}
	out.WriteString(line + "\n")
}
