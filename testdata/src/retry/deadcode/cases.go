// Package deadcode lists codes that are never tried again.
package deadcode

import (
	"slices"
	"time"

	"github.com/grpc-ecosystem/go-grpc-middleware/v2/interceptors/retry"
	"google.golang.org/grpc/codes"
)

var alone = []codes.Code{codes.Unavailable, codes.DeadlineExceeded} // want `retry/dead-code`

var shared = []codes.Code{codes.Unavailable, codes.DeadlineExceeded}

var Exported = []codes.Code{codes.Unavailable, codes.DeadlineExceeded}

const late = codes.DeadlineExceeded

var (
	_ = retry.WithCodes(codes.Unavailable, codes.DeadlineExceeded) // want `codes.DeadlineExceeded is never retried: the interceptor returns context errors at once; slow attempts need WithPerRetryTimeout \[retry/dead-code\]`
	_ = retry.WithCodes(codes.Canceled, codes.Unavailable)         // want `codes.Canceled is never retried: the interceptor returns context errors at once \[retry/dead-code\]`
	_ = retry.WithCodes(late)                                      // want `late is never retried`
	_ = retry.WithCodes([]codes.Code{
		codes.Unavailable,
		codes.DeadlineExceeded, // want `retry/dead-code`
	}...)
	_ = retry.WithCodes(alone...)
	_ = []retry.CallOption{
		retry.WithPerRetryTimeout(time.Second),
		retry.WithCodes(codes.DeadlineExceeded, codes.Unavailable), // want `retry/dead-code`
	}
)

func local() retry.CallOption {
	list := []codes.Code{codes.Unavailable, codes.Canceled} // want `retry/dead-code`
	return retry.WithCodes(list...)
}

// What is retried, and what may be of use elsewhere.
var (
	_ = retry.WithCodes(codes.Unavailable, codes.Internal)
	_ = retry.WithCodes()
	_ = retry.WithCodes(shared...)
	_ = retry.WithCodes(Exported...)
	_ = retry.WithCodes(computed())
	_ = retry.WithCodes(append(retry.DefaultRetriableCodes, codes.Aborted)...)
	_ = len(shared)
)

func computed() codes.Code { return codes.DeadlineExceeded }

func changed(more bool) retry.CallOption {
	list := []codes.Code{codes.Unavailable, codes.Canceled}
	if more {
		list = append(list, codes.Aborted)
	}
	return retry.WithCodes(list...)
}

// Not the interceptor's.
func WithCodes(...codes.Code) {}

func init() { WithCodes(codes.DeadlineExceeded) }

// Made by helpers.

func made() []codes.Code {
	return []codes.Code{codes.Unavailable, codes.Canceled} // want `retry/dead-code`
}

func madeForTwo() []codes.Code { return []codes.Code{codes.Unavailable, codes.Canceled} }

func Made() []codes.Code { return []codes.Code{codes.Unavailable, codes.Canceled} }

type settings struct{ list []codes.Code }

func newSettings() *settings {
	return &settings{list: []codes.Code{codes.Unavailable, codes.Canceled}} // want `retry/dead-code`
}

func helped(s *settings) []retry.CallOption {
	return []retry.CallOption{
		retry.WithCodes(made()...),
		retry.WithCodes(madeForTwo()...),
		retry.WithCodes(Made()...),
		retry.WithCodes(s.list...),
	}
}

func known(code codes.Code) bool { return slices.Contains(madeForTwo(), code) }
