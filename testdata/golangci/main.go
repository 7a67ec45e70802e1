// The golangci command is golangci-lint with grpclint in it, as
// golangci-lint custom builds it from a .custom-gcl.yml.
package main

import (
	"fmt"
	"os"

	"github.com/golangci/golangci-lint/v2/pkg/commands"
	"github.com/golangci/golangci-lint/v2/pkg/exitcodes"

	_ "github.com/grpclint/grpclint/golangci"
)

func main() {
	info := commands.BuildInfo{GoVersion: "go1.26", Version: "2.15.0"}
	if err := commands.Execute(info); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(exitcodes.Failure)
	}
}
