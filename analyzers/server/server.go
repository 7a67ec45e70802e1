// Package server holds the rules about servers: what they are built with,
// what their handlers may rely on, and how they stop.
package server

import (
	"golang.org/x/tools/go/analysis"

	"github.com/grpclint/grpclint/analyzers/internal/absent"
	"github.com/grpclint/grpclint/analyzers/internal/report"
)

// Analyzer finds servers that crash, that do not start or stop, or that leave
// open what they are to protect.
var Analyzer = report.Family("server",
	"check how gRPC servers are built, run and stopped\n\nSee https://github.com/grpclint/grpclint/tree/main/docs/rules/server for its rules.",
	[]*analysis.Analyzer{absent.Analyzer},
	report.Check{Rules: []string{"server/nil-field"}, Run: nilField},
)
