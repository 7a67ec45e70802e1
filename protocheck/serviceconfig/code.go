package serviceconfig

import (
	"strconv"
	"strings"

	"github.com/grpclint/grpclint/rule"
)

// A code is a gRPC status code.
type code uint32

// Status codes that the rules speak of.
const (
	codeOK                code = 0
	codeCancelled         code = 1
	codeUnknown           code = 2
	codeDeadlineExceeded  code = 4
	codeResourceExhausted code = 8
	codeAborted           code = 10
	codeInternal          code = 13
	codeUnavailable       code = 14
)

// codeNames are the names by number, as service configs write them.
var codeNames = [...]string{
	"OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS",
	"PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE",
	"UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED",
}

func (c code) String() string { return codeNames[c] }

// CodeName returns the name of a status code as service configs write it, ""
// for what is no code.
func CodeName(code int) string {
	if code < 0 || code >= len(codeNames) {
		return ""
	}
	return codeNames[code]
}

// parseCode reads a status code from the raw JSON, as grpc-go does: an
// escape in a name makes it unknown.
func parseCode(raw string) (code, bool) {
	if n, err := strconv.ParseUint(raw, 10, 32); err == nil {
		return code(n), n < uint64(len(codeNames))
	}
	for c, name := range codeNames {
		if len(raw) == len(name)+2 && raw[0] == '"' && raw[1:len(raw)-1] == name {
			return code(c), true
		}
	}
	return 0, false
}

// meantCode guesses the code that was meant by a text that is none. It is
// certain when only case, separators, blanks or the second L of CANCELLED
// differ, or when the text is a code's number.
func meantCode(s string) (c code, certain, ok bool) {
	if n, err := strconv.Atoi(strings.TrimSpace(s)); err == nil && n >= 0 && n < len(codeNames) {
		return code(n), true, true
	}
	bare := bareName(s)
	bare = strings.TrimPrefix(bare, "codes.")
	bare = strings.TrimPrefix(bare, "statuscode")
	if bare == "canceled" {
		bare = "cancelled"
	}
	best, bestDistance := -1, 3
	for i, name := range codeNames {
		known := bareName(name)
		if known == bare {
			return code(i), true, true
		}
		if d := rule.EditDistance(bare, known, 2); d < bestDistance {
			best, bestDistance = i, d
		}
	}
	if best <= 0 || len(bare) < 6 { // nothing near, or too short to tell
		return 0, false, false
	}
	return code(best), false, true
}

// bareName is s without case, separators and blanks.
func bareName(s string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case '_', '-', ' ', '\t':
			return -1
		}
		return r
	}, strings.ToLower(s))
}
