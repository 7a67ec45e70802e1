package say

import "strings"

// RPC returns "Service.Method" for "/package.Service/Method", as people say
// it; what is no such name stays as it is.
func RPC(fullMethod string) string {
	service, method, ok := strings.Cut(strings.TrimPrefix(fullMethod, "/"), "/")
	if !ok {
		return fullMethod
	}
	return Last(service) + "." + method
}

// Last returns the last word of a name with dots: "Service" of
// "package.Service".
func Last(name string) string { return name[strings.LastIndexByte(name, '.')+1:] }

// Code returns the name that package codes has for a status code, "" for what
// is none.
func Code(code uint64) string {
	if code >= uint64(len(codes)) {
		return ""
	}
	return codes[code]
}

var codes = [...]string{
	"OK", "Canceled", "Unknown", "InvalidArgument", "DeadlineExceeded", "NotFound", "AlreadyExists", "PermissionDenied",
	"ResourceExhausted", "FailedPrecondition", "Aborted", "OutOfRange", "Unimplemented", "Internal", "Unavailable",
	"DataLoss", "Unauthenticated",
}
