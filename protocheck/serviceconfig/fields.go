package serviceconfig

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/grpclint/grpclint/finding"
)

// want reports a value of another kind than the one wanted. key is nil for
// elements of lists.
func (c *checker) want(n *node, wanted kind, by check, key *node) bool {
	if n.kind == wanted || wanted.isBool() && n.kind.isBool() {
		return true
	}
	i := at(n, by, finding.Rejected, "grpc-go refuses the config: %s is %s, this is %s", label(key, "an entry"), wanted, c.what(n))
	if wanted.isBool() && n.kind == text && (n.text == "true" || n.text == "false") {
		i.fix = replace(n, n.text, true)
	}
	if wanted == array && by != rejectedCheck && n.kind == text {
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

func (c *checker) notInteger(n *node, by check, key *node) {
	why := "is a whole number"
	switch {
	case n.kind == number && strings.ContainsAny(n.text, ".eE"):
		why = "is a whole number, without point and exponent"
	case n.kind == number:
		why = "is a number below 2^63"
	}
	i := at(n, by, finding.Rejected, "grpc-go refuses the config: %s %s, this is %s", label(key, "it"), why, c.what(n))
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

func (c *checker) notNumber(n *node, by check, key *node) {
	i := at(n, by, finding.Rejected, "grpc-go refuses the config: %s is a number, this is %s", label(key, "it"), c.what(n))
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
		refuse(at(key, check{}, "", ""), fmt.Sprintf("the %s has none of its %d fields", what, len(missing)))
	} else if len(missing) > 0 {
		refuse(at(key, check{}, "", ""), fmt.Sprintf("the %s lacks %s", what, strings.Join(missing, ", ")))
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
