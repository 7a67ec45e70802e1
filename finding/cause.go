package finding

import (
	"fmt"
	"go/token"
)

// A Cause is what several things have in common that one finding speaks of:
// the RPCs that one context reaches, say.
type Cause struct {
	// Key is the same in all packages that meet the cause; "" if none
	// other can. The standalone run makes one finding of all with the
	// same rule and key, at Home if the place of the cause is in the
	// analysed package, else at the first.
	Key  string
	Home bool

	// Parts are the things, the one that the finding is at first. One that
	// a directive silences is none.
	Parts []Part
	// Says is how the message goes on behind their names.
	Says string
}

// A Part is one of the things that a finding speaks of.
type Part struct {
	Name    string // as people say it: "OrderService.GetOrder"
	Subject string // as in [Finding]
	// Pos and End delimit a line of code that is there for this part. There
	// may be several with the same name.
	Pos, End token.Pos
}

// Message is the message of a finding that speaks of the parts with some
// names, the first of which is the most important.
func (c *Cause) Message(names []string) string {
	distinct := make(map[string]bool)
	for _, name := range names {
		distinct[name] = true
	}
	return AndMore(names[0], len(distinct)-1) + c.Says
}

// AndMore names one RPC and counts others: "Orders.Get and 2 more RPCs".
func AndMore(name string, others int) string {
	switch others {
	case 0:
		return name
	case 1:
		return name + " and 1 more RPC"
	}
	return fmt.Sprintf("%s and %d more RPCs", name, others)
}
