package suppress

// unknown reports names that stand for nothing: words behind the prefix,
// rules and families.
func unknown(p *pass) {
	for _, d := range p.directives() {
		for _, f := range d.Unknown() {
			p.Report("suppress/unknown", f)
		}
	}
}
