package suppress

import "github.com/grpclint/grpclint/analyzers/internal/stub"

// unused reports selectors that silenced nothing.
//
// The other rules are silent where they do not know enough, and silence
// there must not be held against a directive: so is this one where an
// import has not told what it knows.
func unused(p *pass) {
	if !p.ResultOf[stub.Analyzer].(*stub.Index).Complete {
		return
	}
	for _, d := range p.directives() {
		content := func() []byte {
			text, err := p.ReadFile(p.Fset.File(d.Pos).Name())
			if err != nil {
				return nil // a driver that has no files
			}
			return text
		}
		for _, f := range d.Unused(p.ran, content) {
			p.Report("suppress/unused", f)
		}
	}
}
