package serviceconfig

import (
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/rule"
)

var codeSpellingCheck = check{id: "serviceconfig/code-spelling"}

func (c *checker) codeSpelling(n *node) {
	if c.full() && c.rejections > 0 {
		return
	}
	i := at(n, codeSpellingCheck, finding.Rejected, "grpc-go refuses the config: %s is no status code", c.what(n))
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

// codeNumber reports a code that is written as a number.
func (c *checker) codeNumber(code code, n *node) {
	i := at(n, codeSpellingCheck, finding.Portability, "gRPC Core does not read numbers here: %s is %s", c.what(n), code)
	i.severity = rule.Info
	i.fix = replace(n, quote(code.String()), true)
	c.add(i)
}
