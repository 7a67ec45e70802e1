package serviceconfig

import (
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/rule"
)

var okCodeCheck = check{id: "serviceconfig/ok-code", gapic: rule.Info}

// okCode reports retries of RPCs that succeeded.
func (c *checker) okCode(n *node) {
	c.add(at(n, okCodeCheck, finding.Ignored, "%s has no effect: an RPC that succeeded is not retried, and grpc-java refuses the config", c.what(n)))
}
