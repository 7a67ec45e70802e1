package invalidcode

import (
	"net/http"

	c "google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

func renamed() error {
	return status.Error(http.StatusConflict, "there is one") // want `409 is no gRPC code`
}

func known() error { return status.Error(c.NotFound, "there is none") }
