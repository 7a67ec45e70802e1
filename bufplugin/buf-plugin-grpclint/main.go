// Command buf-plugin-grpclint is a check plugin for buf. See docs/buf.md.
package main

import (
	"buf.build/go/bufplugin/check"

	"github.com/grpclint/grpclint/bufplugin"
)

func main() {
	check.Main(bufplugin.Spec())
}
