// Package invalidcode makes codes that gRPC does not have.
package invalidcode

import (
	"net/http"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// Registrar makes the package reach grpc.
type Registrar = grpc.ServiceRegistrar

// Bad.

func missing() error {
	return status.Error(http.StatusNotFound, "missing") // want `404 is no gRPC code: clients see an unknown error \[status/invalid-code\]`
}

func converted() error {
	return status.Error(codes.Code(http.StatusTeapot), "teapot") // want `418 is no gRPC code`
}

func literal() error {
	return status.Errorf(17, "one too many") // want `17 is no gRPC code`
}

func ofResponse(resp *http.Response) error {
	return status.Error(codes.Code(resp.StatusCode), resp.Status) // want `resp\.StatusCode is an HTTP status, no gRPC code`
}

func ofResponseTwice(resp *http.Response) codes.Code {
	return codes.Code(uint32(resp.StatusCode)) // want `uint32\(resp\.StatusCode\) is an HTTP status`
}

func compared(err error) bool {
	return status.Code(err) == codes.Code(409) // want info `409 is no gRPC code`
}

func looked(err error) bool {
	switch status.Code(err) {
	case codes.NotFound, 404: // want info `404 is no gRPC code`
		return status.Code(err) != 16
	}
	return false
}

func variable() codes.Code {
	var code codes.Code = 500 // want `500 is no gRPC code`
	return code
}

// Throttled is of our own, on purpose: information, once.
const Throttled codes.Code = 1001 // want info `1001 is no gRPC code`

const (
	base   = 2000
	Banned = codes.Code(base + 1) // want info `2001 is no gRPC code`
)

func throttled() error { return status.Error(Throttled, "slow down") }

func banned(err error) bool { return status.Code(err) == Banned }

// Silent.

func valid() error { return status.Error(codes.Code(5), "not found") }

func last() error { return status.Error(16, "unauthenticated") }

type reason int32

const reasonQuota reason = 2001

func enumeration() error { return status.Error(codes.Code(reasonQuota), "quota") }

func family(c codes.Code) int { return int(c/100) + int(c%1000) }

func isHTTP(c codes.Code) bool { return c >= 100 && c < 600 }

func ofNumber(n int32) codes.Code { return codes.Code(n) }

func ofHeader(h http.Header) codes.Code { return codes.Code(len(h)) }

type response struct{ StatusCode int }

func ofOther(r response) codes.Code { return codes.Code(r.StatusCode) }

func httpStatus(w http.ResponseWriter) { w.WriteHeader(http.StatusNotFound) }

type code uint32

func ownType() code { return code(404) }

func mapped(resp *http.Response) codes.Code {
	switch resp.StatusCode {
	case http.StatusNotFound:
		return codes.NotFound
	}
	return codes.Unknown
}
