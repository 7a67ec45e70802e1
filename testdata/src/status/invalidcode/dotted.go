package invalidcode

import (
	"net/http"

	. "google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

func dotted() error {
	return status.Error(http.StatusConflict, "there is one") // want `409 is no gRPC code`
}

func dottedKnown() error { return status.Error(NotFound, "there is none") }

// Silent: a bound.

func below(code Code) bool { return code < 1000 }
