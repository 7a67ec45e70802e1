package lsp

import "encoding/json"

// abilities are what a client can do.
type abilities struct {
	pulls           bool // it asks for diagnostics, and is told when to do so again
	lenses          bool // it shows them, and wants to
	refreshesLenses bool
	watches         bool // it tells of files that change on disk
	progress        bool // it shows that something is at work
}

func abilitiesOf(params initializeParams) abilities {
	c := &params.Capabilities
	var options struct{ CodeLens *bool }
	if json.Unmarshal(params.Options, &options) != nil {
		options.CodeLens = nil // somebody else's
	}
	return abilities{
		pulls:           c.TextDocument.Diagnostic != nil && c.Workspace.Diagnostics.RefreshSupport,
		lenses:          c.TextDocument.CodeLens != nil && (options.CodeLens == nil || *options.CodeLens),
		refreshesLenses: c.Workspace.CodeLens.RefreshSupport,
		watches:         c.Workspace.DidChangeWatchedFiles.DynamicRegistration,
		progress:        c.Window.WorkDoneProgress,
	}
}

// watching asks a client to tell of files by which findings may change.
var watching = registrationParams{[]registration{{
	ID: "grpclint-files", Method: "workspace/didChangeWatchedFiles",
	Options: watchedFilesOptions{[]watcher{{"**/*.{go,proto,json,yaml,yml,conf}"}, {"**/*Dockerfile*"}, {"**/go.{mod,sum,work}"}, {"**/.grpclint.yaml"}}},
}}}
