package codeflow

import "go/types"

// A mark is what a function of a library makes of an error to tell the
// library whether to go on.
type mark uint8

const (
	noMark mark = iota
	final       // give up
	again       // go on
)

// markOf knows the functions that mark errors.
func markOf(obj *types.Func) mark {
	switch Versionless(PathOf(obj)) {
	case "github.com/cenkalti/backoff":
		switch obj.Name() {
		case "Permanent":
			return final
		case "RetryAfter":
			return again
		}
	case "github.com/avast/retry-go":
		if obj.Name() == "Unrecoverable" {
			return final
		}
	case "github.com/sethvargo/go-retry":
		if obj.Name() == "RetryableError" {
			return again
		}
	case "github.com/hashicorp/terraform-plugin-sdk/helper/retry", "github.com/hashicorp/terraform-plugin-sdk/helper/resource":
		switch obj.Name() {
		case "NonRetryableError":
			return final
		case "RetryableError":
			return again
		}
	}
	return noMark
}

// Marks reports whether a function marks errors for a library of retries.
func Marks(obj *types.Func) bool { return markOf(obj) != noMark }
