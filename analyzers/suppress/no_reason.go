package suppress

// noReason reports directives that do not say why.
func noReason(p *pass) {
	for _, d := range p.directives() {
		for _, f := range d.NoReason() {
			p.Report("suppress/no-reason", f)
		}
	}
}
