// Package app is a library for command lines.
package app

// An App has data that its commands share.
type App struct{ Metadata map[string]any }

// A Context is what a command gets.
type Context struct{ App *App }
