package drawing

import (
	"bytes"
	"encoding/xml"
	"io"
	"strings"
	"testing"
)

// shop is a picture with a circle, an arrow within a box and hostile names.
func shop() *Picture {
	p := new(Picture)
	program := p.Line("example.com/gateway", "")
	place, get := p.Line("shop.Orders", "Place"), p.Line("shop.Orders", "Get")
	charge, odd := p.Line("shop.Payments", "Charge"), p.Line(`<b>"#&`, "x\ny")
	p.Arrow(program, place, "10s")
	p.Arrow(program, place, "2s")
	p.Arrow(program, place, "10s")
	p.Arrow(place, charge, "")
	p.Arrow(charge, get, "no deadline")
	p.Arrow(place, get, "")
	p.Arrow(charge, odd, "")
	return p
}

func TestMermaid(t *testing.T) {
	var b strings.Builder
	if err := Mermaid(&b, shop()); err != nil {
		t.Fatal(err)
	}
	want := `flowchart LR
  b0[["example.com/gateway"]]
  subgraph b1 ["shop.Orders"]
    b1m0["Place"]
    b1m1["Get"]
  end
  subgraph b2 ["shop.Payments"]
    b2m0["Charge"]
  end
  subgraph b3 ["#lt;b#gt;#quot;#35;#amp;"]
    b3m0["x\ny"]
  end
  b0 -->|"10s / 2s"| b1m0
  b1m0 --> b2m0
  b2m0 -->|"no deadline"| b1m1
  b1m0 --> b1m1
  b2m0 --> b3m0
`
	if got := b.String(); got != want {
		t.Errorf("got\n%s", got)
	}
}

func TestColumns(t *testing.T) {
	columns := shop().columns()
	column := make(map[int]int)
	for c, boxes := range columns {
		for _, i := range boxes {
			column[i] = c
		}
	}
	if len(column) != 4 || column[0] >= column[1] || column[1] >= column[2] || column[2] >= column[3] {
		t.Errorf("boxes are in columns %v", columns)
	}
}

// What is drawn is well-formed, within the drawing, and the same each time.
func TestSVG(t *testing.T) {
	for name, p := range map[string]*Picture{"shop": shop(), "empty": new(Picture)} {
		var first, second bytes.Buffer
		if err := SVG(&first, p); err != nil {
			t.Fatal(err)
		}
		if err := SVG(&second, p); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(first.Bytes(), second.Bytes()) {
			t.Errorf("%s is drawn differently", name)
		}
		paths := 0
		for d := xml.NewDecoder(&first); ; {
			token, err := d.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if start, ok := token.(xml.StartElement); ok && start.Name.Local == "path" {
				paths++
			}
		}
		if want := len(p.arrows) + 1; paths != want { // with the head
			t.Errorf("%s: %d paths, want %d", name, paths, want)
		}
		at, wide, high := p.place()
		for i, r := range at {
			if r.x < 0 || r.y < 0 || r.x+r.wide > wide || r.y+r.high > high {
				t.Errorf("%s: box %d is at %+v of %d×%d", name, i, r, wide, high)
			}
			for j, other := range at[:i] {
				if r.x < other.x+other.wide && other.x < r.x+r.wide && r.y < other.y+other.high && other.y < r.y+r.high {
					t.Errorf("%s: box %d covers box %d", name, i, j)
				}
			}
		}
	}
}
