// Package local knows nothing of gRPC.
package local

import "errors"

// Load fails.
func Load(name string) error { return errors.New(name) }

// With returns what it is told to.
func With(f func() error) error { return f() }

// A Store saves by somebody else.
type Store struct{ by interface{ Save() error } }

// Save saves.
func (s *Store) Save() error { return s.by.Save() }
