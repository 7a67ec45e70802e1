// Package drawing draws who calls whom: boxes with lines, and arrows between
// lines.
//
//	┌ shop.Orders ─┐  2s   ┌ shop.Payments ─┐
//	│ PlaceOrder ──┼──────▶│ Charge         │
//	│ GetOrder     │       └────────────────┘
//	└──────────────┘
//
// SVG puts what is called to the right of who calls it, as far as there are no
// circles. Nothing here is random: the same picture is drawn the same.
package drawing

import (
	"slices"
	"strings"
)

// A Picture is what to draw. The zero picture is empty.
type Picture struct {
	boxes  []*box
	arrows []*arrow
}

type box struct {
	title string
	lines []string // none for a box that is a caller as a whole
}

// A Place is a line of a box, or a box without lines.
type Place struct{ box, line int }

type arrow struct {
	from, to Place
	labels   []string
}

func (a *arrow) label() string { return strings.Join(a.labels, " / ") }

// Line returns the place of a line in the box with a title, both of which are
// made if they are not there. A text of "" is the box itself.
func (p *Picture) Line(title, text string) Place {
	i := slices.IndexFunc(p.boxes, func(b *box) bool { return b.title == title })
	if i < 0 {
		i = len(p.boxes)
		p.boxes = append(p.boxes, &box{title: title})
	}
	if text == "" {
		return Place{i, -1}
	}
	b := p.boxes[i]
	j := slices.Index(b.lines, text)
	if j < 0 {
		j = len(b.lines)
		b.lines = append(b.lines, text)
	}
	return Place{i, j}
}

// Arrow draws an arrow between two places. Where there is one already, it has
// both labels.
func (p *Picture) Arrow(from, to Place, label string) {
	i := slices.IndexFunc(p.arrows, func(a *arrow) bool { return a.from == from && a.to == to })
	if i < 0 {
		i = len(p.arrows)
		p.arrows = append(p.arrows, &arrow{from: from, to: to})
	}
	if a := p.arrows[i]; label != "" && !slices.Contains(a.labels, label) {
		a.labels = append(a.labels, label)
	}
}
