package timeline

import (
	"fmt"
	"html"
	"io"
	"strings"
	"time"

	"github.com/grpclint/grpclint/finding/visible"
)

// Measures of the drawing, in pixels.
const (
	svgWidth  = 720
	svgLeft   = 90 // room for "attempt 10"
	svgRight  = 24
	svgTop    = 52
	svgRow    = 26
	svgBar    = 14
	svgBottom = 34
)

// SVG draws a timeline: a bar for each attempt from its earliest to its
// latest start, and the deadline as a line across.
func SVG(w io.Writer, t Timeline) error {
	var b strings.Builder
	height := svgTop + svgRow*len(t.Attempts) + svgBottom
	span := t.Attempts[len(t.Attempts)-1].Latest
	if t.Deadline > 0 {
		span = max(span, t.Deadline)
	}
	if span == 0 {
		span = time.Second
	}
	x := func(d time.Duration) float64 {
		return svgLeft + (svgWidth-svgLeft-svgRight)*float64(d)/float64(span)
	}
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12" role="img">`+"\n",
		svgWidth, height, svgWidth, height)
	fmt.Fprintf(&b, "<title>Attempts of %s</title>\n", html.EscapeString(visible.Text(subject(t.Config.Method))))
	fmt.Fprintf(&b, `<rect width="%d" height="%d" fill="#ffffff"/>`+"\n", svgWidth, height)
	text := func(x, y float64, anchor, format string, args ...any) {
		fmt.Fprintf(&b, `<text x="%.1f" y="%.1f" text-anchor="%s" fill="#24292f">%s</text>`+"\n", x, y, anchor, html.EscapeString(visible.Text(fmt.Sprintf(format, args...))))
	}
	text(12, 20, "start", "%s", subject(t.Config.Method))
	bottom := float64(svgTop + svgRow*len(t.Attempts))
	for _, share := range []int{0, 1, 2, 3, 4} {
		at := span * time.Duration(share) / 4
		fmt.Fprintf(&b, `<line x1="%.1f" y1="%d" x2="%.1f" y2="%.1f" stroke="#d0d7de"/>`+"\n", x(at), svgTop-8, x(at), bottom)
		text(x(at), bottom+18, "middle", "%s", show(at))
	}
	for i, a := range t.Attempts {
		y := float64(svgTop + svgRow*i)
		text(svgLeft-10, y+svgBar-2, "end", "attempt %d", a.Number)
		start, end := x(a.Earliest), x(a.Latest)
		fmt.Fprintf(&b, `<rect x="%.1f" y="%.1f" width="%.1f" height="%d" rx="2" fill="%s"><title>%s to %s: %s</title></rect>`+"\n",
			start, y, max(end-start, 4), svgBar, colours[a.Fate], show(a.Earliest), show(a.Latest), a.Fate)
	}
	if t.Deadline > 0 {
		fmt.Fprintf(&b, `<line x1="%.1f" y1="%d" x2="%.1f" y2="%.1f" stroke="#cf222e" stroke-width="2" stroke-dasharray="4 3"/>`+"\n", x(t.Deadline), svgTop-12, x(t.Deadline), bottom)
		text(x(t.Deadline), svgTop-18, "end", "deadline %s", show(t.Deadline))
	}
	b.WriteString("</svg>\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// colours of the bars; what they mean is also in their titles.
var colours = [...]string{Made: "#1f883d", Uncertain: "#bf8700", Throttled: "#6e7781", TooLate: "#cf222e"}
