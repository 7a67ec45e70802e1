package drawing

import (
	"fmt"
	"html"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/grpclint/grpclint/finding/visible"
)

// Measures of the drawing, in pixels.
const (
	margin   = 20
	lineHigh = 22
	boxGap   = 24  // between boxes of a column
	columns  = 190 // between columns: room for labels
	charWide = 7   // of most letters
	padding  = 12  // beside a text
	minWide  = 90
)

// A rectangle is where a box is drawn.
type rectangle struct{ x, y, wide, high int }

// SVG draws the picture.
func SVG(w io.Writer, p *Picture) error {
	var b strings.Builder
	at, wide, high := p.place()
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12" role="img">`+"\n", wide, high, wide, high)
	b.WriteString("<title>Who calls which RPC methods</title>\n")
	b.WriteString(`<defs><marker id="head" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0L8 4L0 8z" fill="#57606a"/></marker></defs>` + "\n")
	fmt.Fprintf(&b, `<rect width="%d" height="%d" fill="#ffffff"/>`+"\n", wide, high)
	for i, box := range p.boxes {
		r := at[i]
		fmt.Fprintf(&b, `<rect x="%d" y="%d" width="%d" height="%d" rx="4" fill="#f6f8fa" stroke="#d0d7de"/>`+"\n", r.x, r.y, r.wide, r.high)
		svgText(&b, r.x+padding, r.y+lineHigh-7, `font-weight="bold" fill="#24292f"`, box.title)
		for j, line := range box.lines {
			svgText(&b, r.x+padding, r.y+(j+2)*lineHigh-7, `fill="#24292f"`, line)
		}
	}
	for _, a := range p.arrows {
		p.svgArrow(&b, at, a)
	}
	b.WriteString("</svg>\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// place says where the boxes are, and how large the drawing is.
func (p *Picture) place() (at []rectangle, wide, high int) {
	at = make([]rectangle, len(p.boxes))
	wide, high = 2*margin, 2*margin
	if len(p.boxes) == 0 {
		return at, wide, high
	}
	x := margin
	for _, column := range p.columns() {
		y, most := margin, 0
		for _, i := range column {
			at[i] = rectangle{x, y, p.boxes[i].wide(), (1 + len(p.boxes[i].lines)) * lineHigh}
			y += at[i].high + boxGap
			most = max(most, at[i].wide)
		}
		for _, i := range column {
			at[i].wide = most
		}
		wide, high = x+most+margin, max(high, y-boxGap+margin)
		x += most + columns
	}
	return at, wide + columns/2, high // arrows back need room, too
}

func (b *box) wide() int {
	most := utf8.RuneCountInString(b.title) + 1 // bold
	for _, line := range b.lines {
		most = max(most, utf8.RuneCountInString(line))
	}
	return max(minWide, most*charWide+2*padding)
}

// svgArrow draws an arrow from the right of its box to the left of another one
// that is further right, else around to its right.
func (p *Picture) svgArrow(b *strings.Builder, at []rectangle, a *arrow) {
	from, to := at[a.from.box], at[a.to.box]
	x1, y1 := from.x+from.wide, from.y+(a.from.line+1)*lineHigh+lineHigh/2
	x2, y2 := to.x, to.y+(a.to.line+1)*lineHigh+lineHigh/2
	bend1, bend2 := x1+columns/2, x2-columns/2
	if x2 <= x1 {
		x2 = to.x + to.wide
		bend1, bend2 = max(x1, x2)+columns/2, max(x1, x2)+columns/2
	}
	fmt.Fprintf(b, `<path d="M%d %dC%d %d %d %d %d %d" fill="none" stroke="#57606a" marker-end="url(#head)"/>`+"\n", x1, y1, bend1, y1, bend2, y2, x2, y2)
	if text := a.label(); text != "" { // nearer to the head, where arrows are apart
		x, y := bezier(x1, bend1, bend2, x2), bezier(y1, y1, y2, y2)
		svgText(b, x, y-4, `text-anchor="middle" fill="#0550ae" stroke="#ffffff" stroke-width="4" paint-order="stroke"`, text)
	}
}

// bezier is a coordinate of the curve at two thirds of its way.
func bezier(from, bend1, bend2, to int) int { return (from + 6*bend1 + 12*bend2 + 8*to) / 27 }

func svgText(b *strings.Builder, x, y int, attributes, text string) {
	fmt.Fprintf(b, `<text x="%d" y="%d" %s>%s</text>`+"\n", x, y, attributes, html.EscapeString(visible.Text(text)))
}
