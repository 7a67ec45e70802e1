// Package ids makes ids, for others.
package ids

import "github.com/google/uuid"

// New makes another one every time.
func New() string { return "order-" + uuid.NewString() }

// Of makes the same one for the same name.
func Of(name string) string { return uuid.NewSHA1(uuid.NameSpaceURL, []byte(name)).String() }
