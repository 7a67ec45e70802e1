package main

import (
	"go/ast"
	"go/types"
	"strings"

	"github.com/grpclint/grpclint/internal/reshape"
)

// leftOut returns why a site is not written in a shape: that would change what
// the code does, or what the rule is about.
func (c *testCase) leftOut(x *site, shape reshape.Shape) string {
	if c.directed[x.function] {
		return "a directive stays where it is"
	}
	if c.isTest(x.Func) {
		return "a test is known by its parameter, which does not move"
	}
	if shape.Name == "package variable" && isTimer(c.Info.TypeOf(x.Expr)) {
		return "a timer that is made once fires once"
	}
	if shape.Name == "package variable" && makesChannel(x.Expr) {
		return "a channel that is made once is for all"
	}
	if x.rule == nil {
		return ""
	}
	return exempt[shape.Name][x.rule.ID]
}

// exempt are the reasons that hold for all of a rule's findings.
var exempt = map[string]map[string]string{
	"package variable": {
		"retry/fresh-key":          "the key is made once, as it should be",
		"conn/per-call":            "the connection is made once, as it should be",
		"conn/leak":                "a connection of the whole program need not be closed",
		"stream/leak":              "a stream of the whole program",
		"deadline/deferred-cancel": "nothing is made in the loop any more",
		"status/swallowed":         "a reply that is kept for all calls is a fallback that somebody meant",

		"cancel/no-context-variant": "it is made once, and for no RPC",
	},
	"variable": {
		"conn/per-call": "the loop's body, not its condition, makes the connection",
	},
}

// isTest reports whether a function is given a testing.T or its like.
func (c *testCase) isTest(d *ast.FuncDecl) bool {
	for _, field := range d.Type.Params.List {
		if t := c.Info.TypeOf(field.Type); t != nil && strings.HasPrefix(strings.TrimPrefix(types.TypeString(t, nil), "*"), "testing.") {
			return true
		}
	}
	return false
}

func makesChannel(e ast.Expr) bool {
	found := false
	ast.Inspect(e, func(n ast.Node) bool {
		_, isChannel := n.(*ast.ChanType)
		found = found || isChannel
		return !found
	})
	return found
}

func isTimer(t types.Type) bool {
	if t == nil {
		return false
	}
	switch types.TypeString(t, nil) {
	case "<-chan time.Time", "*time.Timer", "*time.Ticker":
		return true
	}
	return false
}
