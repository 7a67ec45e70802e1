package literal

import "google.golang.org/grpc"

// What only other implementations refuse harms nobody in a Go string.
const quirky = `{"methodConfig": [{"name": [{"service": "x.Y"}], "timeout": ".3s"}]}` // want info `other implementations refuse .*\.3s.*: in protobuf JSON it is "0.3s" \[serviceconfig/duration\]`

var _ = grpc.WithDefaultServiceConfig(quirky)
