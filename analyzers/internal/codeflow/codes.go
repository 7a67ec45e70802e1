package codeflow

import (
	"math/bits"
	"strings"

	"github.com/grpclint/grpclint/finding/say"
)

// Codes is a set of status codes; the bit of a code is its number
// (google.golang.org/grpc/codes).
type Codes uint32

// The codes, in the order of their numbers.
const (
	OK Codes = 1 << iota
	Canceled
	Unknown
	InvalidArgument
	DeadlineExceeded
	NotFound
	AlreadyExists
	PermissionDenied
	ResourceExhausted
	FailedPrecondition
	Aborted
	OutOfRange
	Unimplemented
	Internal
	Unavailable
	DataLoss
	Unauthenticated

	NumCodes = iota
)

// Sets of codes.
const (
	AllCodes Codes = 1<<NumCodes - 1
	Failures       = AllCodes &^ OK

	// Executed are those behind which the server may have carried the
	// request out: the reply was lost, the deadline cut it off, or the
	// server failed half-way (gRFC A6: "only status codes that indicate
	// the service did not process the request should be retried").
	Executed = Canceled | Unknown | DeadlineExceeded | ResourceExhausted | Aborted | Internal | Unavailable

	// Permanent are those that the same request gets again (AIP-194;
	// grpc-go codes/codes.go).
	Permanent = Canceled | InvalidArgument | NotFound | AlreadyExists | PermissionDenied |
		FailedPrecondition | OutOfRange | Unimplemented | DataLoss | Unauthenticated
)

// CodeOf returns the set of one code number, empty for no code of gRPC's.
func CodeOf(n int64) Codes {
	if n < 0 || n >= NumCodes {
		return 0
	}
	return 1 << n
}

// Len returns the number of codes in the set.
func (c Codes) Len() int { return bits.OnesCount32(uint32(c)) }

// Names returns the Go names of the codes, in the order of their numbers.
func (c Codes) Names() []string {
	var names []string
	for code := range uint64(NumCodes) {
		if c&(1<<code) != 0 {
			names = append(names, say.Code(code))
		}
	}
	return names
}

func (c Codes) String() string { return strings.Join(c.Names(), ", ") }
