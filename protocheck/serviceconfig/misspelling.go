package serviceconfig

// A misspelling is an unknown key that stands for a field. It is reported
// when it is known what else comes of it.
type misspelling struct {
	object *node
	meant  *field
	issue  issue
	done   bool
}

// blame finds the misspelling because of which an object lacks a field, and
// hands it over.
func (c *checker) blame(object *node, id fieldID) (issue, bool) {
	if c.full() {
		return issue{}, false // and spare the search
	}
	for _, m := range c.misspelled {
		if m.object == object && m.meant.id == id && !m.done {
			m.done = true
			return m.issue, true
		}
	}
	return issue{}, false
}

// misspellings reports the misspelled keys that nothing else came of.
func (c *checker) misspellings() {
	for _, m := range c.misspelled {
		if !m.done {
			c.add(m.issue)
		}
	}
}
