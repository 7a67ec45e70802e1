package serviceconfig

import (
	"fmt"
	"slices"
	"strings"

	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/rule"
)

var ignoredFieldCheck = check{id: "serviceconfig/ignored-field"}

// unknownField reports a member that grpc-go does not read.
func (c *checker) unknownField(parent *node, index int, m *message, around []*node) {
	if len(c.issues)+len(c.misspelled) >= mostIssues {
		c.cut = true
		return
	}
	member := parent.members[index]
	key := member.key
	switch {
	case isRemark(key.text), m == &documentMessage && c.wrapped && slices.Contains(choiceKeys, key.text):
		return
	case m == &methodMessage && len(key.text) < 64 && bareName(key.text) == "hedgingpolicy":
		if len(c.hedges) == 0 || c.hedges[len(c.hedges)-1].entry != parent { // once per entry
			c.hedges = append(c.hedges, hedge{parent, member})
		}
		return
	}
	if m == &methodMessage && key.text == "method" && mayHave(parent, isService) {
		return // one finding for the two
	}
	meant := m.bare(key.text)
	if c.gapic() && meant != nil && key.text == snake(meant.name) {
		return // protobuf JSON has both spellings
	}
	i := at(key, ignoredFieldCheck, finding.Ignored, "%s is ignored: ", clip(key.text))
	switch {
	case meant != nil:
		i.message += "the key is " + meant.name
		i.fix = c.renameKey(parent, m, key, meant, true)
		c.misspelled = append(c.misspelled, &misspelling{parent, meant, i, false})
		return
	case m.own && c.wrongLevel(&i, parent, index, m, around):
	case len(key.text) < 64 && elsewhere[bareName(key.text)] != "":
		i.message += elsewhere[bareName(key.text)]
		i.severity = rule.Info
	default:
		if meant = m.near(key.text); meant != nil {
			i.message += "did you mean " + meant.name + "?"
			i.fix = c.renameKey(parent, m, key, meant, false)
			c.misspelled = append(c.misspelled, &misspelling{parent, meant, i, false})
			return
		}
		i.message += "grpc-go knows no such field of " + m.name
		i.severity = rule.Info
	}
	c.add(i)
}

// wrongLevel completes an issue about a field that another message has.
func (c *checker) wrongLevel(i *issue, parent *node, index int, here *message, around []*node) bool {
	key := parent.members[index].key
	for _, there := range messages() {
		f := there.bare(key.text)
		switch {
		case there == here, f == nil:
			continue
		case there == &nameMessage && here != &methodMessage, f.id == name && parent.members[index].value.kind != array:
			continue // words that may stand for anything
		}
		i.message += fmt.Sprintf("it belongs in %s, not in %s", there.name, here.name)
		if there == &nameMessage && here == &methodMessage {
			i.message = fmt.Sprintf("%s is ignored: it belongs in the name, as in \"name\": [{\"service\": ...}]", clip(key.text))
			i.fix = c.nameOfEntry(parent, index, f)
		}
		var target *node
		where := there.name
		switch {
		case there == &documentMessage:
			i.message = strings.Replace(i.message, "in the config", "at the top of the config", 1)
			target, where = around[0], "the top"
		case there == &methodMessage && len(around) > 1:
			target, where = around[1], "the entry"
		}
		if target != nil && !mayHave(target, func(m member) bool { return there.lookup(m.key.text) == f }) {
			i.fix = c.move(parent, index, f.name, target, where)
		}
		return true
	}
	return false
}

// nameOfEntry is the fix for an entry that has service, and perhaps method,
// in place of a name; nil unless index is that of the service.
func (c *checker) nameOfEntry(entry *node, index int, f *field) *fix {
	m := entry.members[index]
	if f.id != service || m.value.kind != text || mayHave(entry, func(m member) bool {
		f := methodMessage.lookup(m.key.text)
		return f != nil && f.id == name
	}) {
		return nil
	}
	called := `"service": ` + string(c.src[m.value.start:m.value.end])
	var edits []edit
	for i, other := range entry.members {
		f := nameMessage.bare(other.key.text)
		switch {
		case f == nil || i == index:
		case f.id == service, other.value.kind != text, len(edits) > 0:
			return nil // two of one
		default:
			called += `, "method": ` + string(c.src[other.value.start:other.value.end])
			edits = append(edits, removal(entry, i))
		}
	}
	edits = append(edits, edit{m.key.start, m.value.end, `"name": [{` + called + `}]`})
	return &fix{"Write a name", true, edits}
}

func isService(m member) bool { return m.key.text == "service" }

// otherLanguage reports a choice for a language that no client speaks.
func (c *checker) otherLanguage(near *node) {
	i := at(near, ignoredFieldCheck, finding.Ignored, "no Go client takes this choice: the language is GO, not %s", clip(near.text))
	i.severity = rule.Warning
	i.fix = rename(near, "GO", true)
	c.add(i)
}
