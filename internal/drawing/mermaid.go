package drawing

import (
	"fmt"
	"io"
	"strings"

	"github.com/grpclint/grpclint/finding/visible"
)

// Mermaid writes the picture as a flowchart of Mermaid
// (https://mermaid.js.org/syntax/flowchart.html), which GitHub, GitLab and many
// wikis draw.
func Mermaid(w io.Writer, p *Picture) error {
	var text strings.Builder
	text.WriteString("flowchart LR\n")
	for i, b := range p.boxes {
		if len(b.lines) == 0 {
			fmt.Fprintf(&text, "  %s[[\"%s\"]]\n", mermaidID(Place{i, -1}), mermaidText(b.title))
			continue
		}
		fmt.Fprintf(&text, "  subgraph b%d [\"%s\"]\n", i, mermaidText(b.title))
		for j, line := range b.lines {
			fmt.Fprintf(&text, "    %s[\"%s\"]\n", mermaidID(Place{i, j}), mermaidText(line))
		}
		text.WriteString("  end\n")
	}
	for _, a := range p.arrows {
		label := ""
		if text := a.label(); text != "" {
			label = `|"` + mermaidText(text) + `"|`
		}
		fmt.Fprintf(&text, "  %s -->%s %s\n", mermaidID(a.from), label, mermaidID(a.to))
	}
	_, err := io.WriteString(w, text.String())
	return err
}

func mermaidID(at Place) string {
	if at.line < 0 {
		return fmt.Sprintf("b%d", at.box)
	}
	return fmt.Sprintf("b%dm%d", at.box, at.line)
}

// mermaidText is a text within quotes, where nothing but entities is special.
func mermaidText(s string) string {
	return strings.NewReplacer("&", "#amp;", `"`, "#quot;", "<", "#lt;", ">", "#gt;", "#", "#35;", "\n", " ").Replace(visible.Text(s))
}
