package serviceconfig

import "github.com/grpclint/grpclint/finding"

var duplicateKeyCheck = check{id: "serviceconfig/duplicate-key"}

// repeated reports a key that its object has had before. Where grpc-go
// merges objects and lists, neither of two values is what counts.
func (c *checker) repeated(parent *node, earlier, later int, merges bool) {
	first, second := parent.members[earlier], parent.members[later]
	was, is := c.src[first.value.start:first.value.end], c.src[second.value.start:second.value.end]
	var i issue
	switch {
	case string(was) == string(is):
		i = at(second.key, duplicateKeyCheck, finding.Portability, "other implementations refuse the config: %s is here twice", clip(second.key.text))
		i.fix = &fix{"Remove the repetition", true, []edit{removal(parent, later)}}
	case merges && first.value.kind == second.value.kind && (first.value.kind == object || first.value.kind == array):
		i = at(second.key, duplicateKeyCheck, finding.Changed, "grpc-go mixes the two: %s is here twice, and the later changes the earlier", clip(second.key.text))
	case second.value.kind == null:
		i = at(second.key, duplicateKeyCheck, finding.Changed, "%s is here twice, the second time null", clip(second.key.text))
	case second.value.kind == object || second.value.kind == array:
		i = at(second.key, duplicateKeyCheck, finding.Changed, "grpc-go uses the second: %s is here twice, and the last counts", clip(second.key.text))
		i.fix = &fix{"Remove the earlier one", true, []edit{removal(parent, earlier)}}
	default:
		i = at(second.key, duplicateKeyCheck, finding.Changed, "grpc-go uses %s, not %s: %s is here twice, and the last counts",
			brief(c.what(second.value)), brief(c.what(first.value)), clip(second.key.text))
		i.fix = &fix{"Remove the earlier one", true, []edit{removal(parent, earlier)}}
	}
	i.related = []related{{"the earlier one", first.key.start, first.key.end}}
	c.add(i)
}

// brief shortens what two of must fit into a line.
func brief(s string) string {
	if r := []rune(s); len(r) > 16 {
		return string(r[:16]) + "..."
	}
	return s
}
