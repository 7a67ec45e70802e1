package serviceconfig

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/rule"
)

// want reports a value of another kind than the one wanted. key is nil for
// elements of lists.
func (c *checker) want(n *node, wanted kind, rule string, key *node) bool {
	if n.kind == wanted || wanted.isBool() && n.kind.isBool() {
		return true
	}
	i := at(n, rule, finding.Rejected, "grpc-go refuses the config: %s is %s, this is %s", label(key, "an entry"), wanted, c.what(n))
	if wanted.isBool() && n.kind == text && (n.text == "true" || n.text == "false") {
		i.fix = replace(n, n.text, true)
	}
	if wanted == array && rule != "rejected" && n.kind == text {
		i.fix = replace(n, "["+string(c.src[n.start:n.end])+"]", true)
	}
	c.add(i)
	return false
}

// label names the member that a finding is about.
func label(key *node, otherwise string) string {
	if key == nil {
		return otherwise
	}
	return bare(key.text)
}

func (c *checker) notInteger(n *node, rule string, key *node) {
	why := "is a whole number"
	switch {
	case n.kind == number && strings.ContainsAny(n.text, ".eE"):
		why = "is a whole number, without point and exponent"
	case n.kind == number:
		why = "is a number below 2^63"
	}
	i := at(n, rule, finding.Rejected, "grpc-go refuses the config: %s %s, this is %s", label(key, "it"), why, c.what(n))
	if digits, ok := wholeNumber(n); ok {
		i.fix = replace(n, digits, true)
	}
	c.add(i)
}

// wholeNumber finds the integer in "3" and 3.0.
func wholeNumber(n *node) (string, bool) {
	if n.kind != text && n.kind != number {
		return "", false
	}
	whole, fraction, _ := strings.Cut(n.text, ".")
	if len(whole) > 15 || !isDigits(whole) || strings.Trim(fraction, "0") != "" || len(whole) > 1 && whole[0] == '0' {
		return "", false
	}
	return whole, true
}

func (c *checker) notNumber(n *node, rule string, key *node) {
	i := at(n, rule, finding.Rejected, "grpc-go refuses the config: %s is a number, this is %s", label(key, "it"), c.what(n))
	if n.kind == text && isPlainNumber(n.text) {
		i.fix = replace(n, n.text, true)
	}
	c.add(i)
}

// isPlainNumber reports whether s is a JSON number without an exponent.
func isPlainNumber(s string) bool {
	whole, fraction, dotted := strings.Cut(strings.TrimPrefix(s, "-"), ".")
	return len(s) < 20 && isDigits(whole) && (whole == "0" || whole[0] != '0') && (!dotted || isDigits(fraction))
}

func (c *checker) badDuration(key, n *node, err error) {
	i := at(n, "duration", finding.Rejected, "grpc-go refuses the config: %s is no duration such as \"0.4s\": %s", c.what(n), err)
	if n.kind != text {
		i.message = fmt.Sprintf("grpc-go refuses the config: %s is a duration such as \"0.4s\", this is %s", label(key, "it"), c.what(n))
	}
	switch {
	case n.kind == text && len(n.text) < 40:
		if meant, ok := meantDuration(n.text); ok {
			i.fix = rename(n, meant, true)
			i.message = fmt.Sprintf("grpc-go refuses the config: %s is no duration, %q is", clip(n.text), meant)
		}
	case n.kind == number && isPlainNumber(n.text):
		i.fix = rename(n, n.text+"s", false) // or milliseconds
	}
	if i.fix == nil && n.kind == text && isPlainNumber(n.text) {
		i.fix = rename(n, n.text+"s", false)
	}
	c.add(i)
}

func (c *checker) codeSpelling(n *node) {
	if c.full() && c.rejections > 0 {
		return
	}
	i := at(n, "code-spelling", finding.Rejected, "grpc-go refuses the config: %s is no status code", c.what(n))
	switch n.kind {
	case text:
		if meant, certain, ok := meantCode(n.text); ok {
			i.message += ", " + meant.String() + " is"
			i.fix = rename(n, meant.String(), certain)
		}
	case number:
		i.message += ": they go from 0 to 16"
	}
	c.add(i)
}

// keyCase reports a key that grpc-go reads although its case is wrong.
func (c *checker) keyCase(parent *node, f *field, key *node) {
	i := at(key, "key-case", finding.Portability, "only grpc-go reads it: other implementations ignore %s, the key is %s", clip(key.text), f.name)
	if !mayHave(parent, func(m member) bool { return m.key != key && m.key.text == f.name }) {
		i.fix = rename(key, f.name, true)
	}
	c.add(i)
}

// repeated reports a key that its object has had before. Where grpc-go
// merges objects and lists, neither of two values is what counts.
func (c *checker) repeated(parent *node, earlier, later int, merges bool) {
	first, second := parent.members[earlier], parent.members[later]
	was, is := c.src[first.value.start:first.value.end], c.src[second.value.start:second.value.end]
	var i issue
	switch {
	case string(was) == string(is):
		i = at(second.key, "duplicate-key", finding.Portability, "other implementations refuse the config: %s is here twice", clip(second.key.text))
		i.fix = &fix{"Remove the repetition", true, []edit{removal(parent, later)}}
	case merges && first.value.kind == second.value.kind && (first.value.kind == object || first.value.kind == array):
		i = at(second.key, "duplicate-key", finding.Changed, "grpc-go mixes the two: %s is here twice, and the later changes the earlier", clip(second.key.text))
	case second.value.kind == null:
		i = at(second.key, "duplicate-key", finding.Changed, "%s is here twice, the second time null", clip(second.key.text))
	case second.value.kind == object || second.value.kind == array:
		i = at(second.key, "duplicate-key", finding.Changed, "grpc-go uses the second: %s is here twice, and the last counts", clip(second.key.text))
		i.fix = &fix{"Remove the earlier one", true, []edit{removal(parent, earlier)}}
	default:
		i = at(second.key, "duplicate-key", finding.Changed, "grpc-go uses %s, not %s: %s is here twice, and the last counts",
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
	i := at(key, "ignored-field", finding.Ignored, "%s is ignored: ", clip(key.text))
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

func isService(m member) bool { return m.key.text == "service" }

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

// lacks reports that an object lacks required fields: on the misspelled key
// because of which it does, else on the object's own key. It passes on what
// to say to refuse.
func (c *checker) lacks(object, key *node, what string, ids []fieldID, m *message, refuse func(i issue, why string)) {
	var missing []string
	for _, id := range ids {
		f := m.field(id)
		if i, ok := c.blame(object, id); ok {
			refuse(i, fmt.Sprintf("the %s lacks %s, %s is ignored", what, f.name, clip(unquote(c.src[i.start:i.end]))))
			continue
		}
		missing = append(missing, f.name)
	}
	if len(missing) == len(m.fields) {
		refuse(at(key, "", "", ""), fmt.Sprintf("the %s has none of its %d fields", what, len(missing)))
	} else if len(missing) > 0 {
		refuse(at(key, "", "", ""), fmt.Sprintf("the %s lacks %s", what, strings.Join(missing, ", ")))
	}
}

// renameKey is the fix for a key, unless that would repeat another.
func (c *checker) renameKey(parent *node, m *message, key *node, f *field, certain bool) *fix {
	if mayHave(parent, func(other member) bool { return m.lookup(other.key.text) == f }) {
		return nil
	}
	return rename(key, f.name, certain)
}

// mayHave reports whether an object has a member that fits. Objects with more
// members than any config has may have all: it is asked once per member, and
// must not cost the square of them.
func mayHave(n *node, fits func(m member) bool) bool {
	return len(n.members) > 100 || slices.ContainsFunc(n.members, fits)
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

// snake writes a field's name as .proto files do.
func snake(name string) string {
	var b strings.Builder
	for _, r := range name {
		if unicode.IsUpper(r) {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// A hedge is an entry with a hedgingPolicy.
type hedge struct {
	entry  *node
	policy member
}

// hedging reports hedging policies, which grpc-go does not even parse.
func (c *checker) hedging() {
	for _, h := range c.hedges {
		if h.policy.value.kind == null {
			continue
		}
		retry := slices.IndexFunc(h.entry.members, func(m member) bool {
			f := methodMessage.lookup(m.key.text)
			return f != nil && f.id == retryPolicy && m.value.kind != null
		})
		if retry < 0 {
			c.add(at(h.policy.key, "hedging-ignored", finding.Ignored, "no RPC is hedged: grpc-go does not read hedgingPolicy"))
			continue
		}
		i := at(h.policy.key, "retry-and-hedging", finding.Ignored, "RPCs are retried, not hedged: an entry has either retryPolicy or hedgingPolicy, and grpc-go reads the former")
		other := h.entry.members[retry].key
		i.related = []related{{"the retry policy", other.start, other.end}}
		c.add(i)
	}
	c.hedges = nil
}
