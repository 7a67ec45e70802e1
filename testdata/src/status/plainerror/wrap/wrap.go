// Package wrap makes errors and asks about them, and knows nothing of gRPC.
package wrap

import (
	"context"
	"errors"
	"fmt"
	"log"
	"strings"
)

// NotFound makes an error.
func NotFound(name string) error { return fmt.Errorf("%s not found", name) }

// With wraps one, if there is one.
func With(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("wrapped: %w", err)
}

// Text is that of an error.
func Text(err error) string { return err.Error() }

// IsLate asks for an error of package context.
func IsLate(err error) bool { return errors.Is(err, context.DeadlineExceeded) }

// IsGone asks for a text.
func IsGone(err error) bool { return strings.Contains(err.Error(), "gone") }

// Logged does more than to make an error.
func Logged(name string) error {
	log.Print(name)
	return fmt.Errorf("%s not found", name)
}
