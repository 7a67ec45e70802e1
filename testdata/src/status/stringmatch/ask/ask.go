// Package ask tells errors by their text, for others.
package ask

import (
	"strings"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// Gone asks for a code.
func Gone(err error) bool { return status.Code(err) == codes.NotFound }

// NotFound searches a text.
func NotFound(err error) bool {
	return err != nil && strings.Contains(strings.ToLower(err.Error()), "not found")
}

// Retry searches a text, and looks at something else, too.
func Retry(err error, temporary interface{ Temporary() bool }) bool {
	return strings.Contains(err.Error(), "again") || temporary.Temporary()
}
