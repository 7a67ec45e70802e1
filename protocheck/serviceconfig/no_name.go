package serviceconfig

import "github.com/grpclint/grpclint/finding"

var noNameCheck = check{id: "serviceconfig/no-name"}

// noName reports an entry that is for no method.
func (c *checker) noName(entry *methodEntry, n *node) {
	if n.kind != object {
		return // null, which says nothing
	}
	i := at(n, noNameCheck, finding.Ignored, "the entry is for no method: it has no name")
	for _, m := range n.members {
		switch f := methodMessage.lookup(m.key.text); {
		case f == nil && (nameMessage.bare(m.key.text) != nil || methodMessage.near(m.key.text) == methodMessage.field(name)):
			return // the name is there, and reported as not being in its place
		case f == nil || f.id != name:
		case m.value.kind == array:
			i = at(m.value, noNameCheck, finding.Ignored, "the entry is for no method: its name is empty")
		case m.value.kind == null:
			i = at(m.value, noNameCheck, finding.Ignored, "the entry is for no method: its name is null")
		default:
			return // reported as what it is
		}
	}
	c.add(i)
}
