package serviceconfig

import (
	"slices"

	"github.com/grpclint/grpclint/finding"
)

var choiceWrapperCheck = check{id: "serviceconfig/choice-wrapper"}

// choiceKeys are those of an element of a service config choice (gRFC A2).
var choiceKeys = []string{"serviceConfig", "percentage", "clientLanguage", "clientHostname"}

func isChoice(n *node) bool {
	return slices.ContainsFunc(n.members, func(m member) bool {
		return m.key.text == "serviceConfig" && m.value.kind == object
	})
}

// choice reports a wrapper of DNS TXT records around the config: it is an
// object with an unknown key to grpc-go, and so an empty config.
func (c *checker) choice(root *node) {
	if !isChoice(root) {
		return
	}
	c.wrapped = true
	for _, m := range root.members {
		if m.key.text == "serviceConfig" {
			i := at(m.key, choiceWrapperCheck, finding.Ignored,
				"nothing in it takes effect: this is a choice for a DNS TXT record, whose serviceConfig is the config")
			i.fix = &fix{"Keep the serviceConfig only", false, []edit{{root.start, m.value.start, ""}, {m.value.end, root.end, ""}}}
			c.add(i)
			return
		}
	}
}

// badChoice reports what makes grpc-go ignore a whole TXT record.
func (c *checker) badChoice(n *node, why string) {
	c.add(at(n, choiceWrapperCheck, finding.Ignored, "grpc-go ignores the whole record: %s", why))
}

// listOfChoices reports the value of a DNS TXT record where a config belongs.
func (c *checker) listOfChoices(root *node) {
	c.add(at(root, choiceWrapperCheck, finding.Rejected,
		"grpc-go refuses the config: this is a list of choices for a DNS TXT record; what belongs here is one serviceConfig of it"))
}
