package serviceconfig

import (
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/rule"
)

var duplicateNameCheck = check{id: "serviceconfig/duplicate-name", gapic: rule.Warning}

// duplicateName reports a name that an entry has had before.
func (c *checker) duplicateName(n nameEntry, where, earlier *node) {
	i := at(where, duplicateNameCheck, finding.Rejected, "grpc-go refuses the config: %s has an entry already", nameOf(n))
	i.related = []related{{"the first one", earlier.start, earlier.end}}
	c.add(i)
}
