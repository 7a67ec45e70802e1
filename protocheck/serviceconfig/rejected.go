package serviceconfig

import (
	"strings"

	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/rule"
)

var rejectedCheck = check{id: "serviceconfig/rejected", gapic: rule.Warning}

// rejected reports a value because of which grpc-go refuses the config.
func (c *checker) rejected(by check, n *node, why string) {
	c.add(at(n, by, finding.Rejected, "grpc-go refuses the config: %s", why))
}

// syntax reports a text that is no JSON document, whoever reads it.
func (c *checker) syntax(err *SyntaxError) {
	end := min(err.Offset+1, len(c.src))
	i := issue{check: rejectedCheck, effect: finding.Rejected, start: err.Offset, end: end,
		message: "grpc-go refuses the config, which is no JSON: " + err.Message}
	if strings.Contains(err.Message, "byte order mark") {
		i.end = 3
		i.fix = &fix{"Remove the byte order mark", true, []edit{{0, 3, ""}}}
	}
	if strings.HasPrefix(err.Message, "JSON has no comma") {
		i.fix = &fix{"Remove the comma", true, []edit{{i.start, i.end, ""}}}
	}
	c.rejections++
	c.issues = append(c.issues, i)
}
