package methods

import (
	"google.golang.org/grpc"

	"example.com/testdata/serviceconfig/methods/config"
)

// A function is given the same config: each place has findings of its own.
var option = grpc.WithDefaultServiceConfig(config.Retry) // want `\[serviceconfig/unsafe-retry\]` `\[serviceconfig/stream-timeout\]` `\[serviceconfig/stream-retry\]`

// Silent: what is accepted is accepted here.
//
//grpclint:ignore serviceconfig the server drops repeated payments, and streams end in time
var accepted = grpc.WithDefaultServiceConfig(config.Retry)
