package serviceconfig

import "github.com/grpclint/grpclint/finding"

var keyCaseCheck = check{id: "serviceconfig/key-case"}

// keyCase reports a key that grpc-go reads although its case is wrong.
func (c *checker) keyCase(parent *node, f *field, key *node) {
	i := at(key, keyCaseCheck, finding.Portability, "only grpc-go reads it: other implementations ignore %s, the key is %s", clip(key.text), f.name)
	if !mayHave(parent, func(m member) bool { return m.key != key && m.key.text == f.name }) {
		i.fix = rename(key, f.name, true)
	}
	c.add(i)
}
