module github.com/grpclint/grpclint/protocheck/serviceconfig/testdata/versions/grpc170

go 1.26.0

require (
	github.com/grpclint/grpclint v0.0.0
	google.golang.org/grpc v1.85.0
)

require (
	github.com/go-json-experiment/json v0.0.0-20260820222146-c27c302e5fc3 // indirect
	golang.org/x/net v0.61.0 // indirect
	golang.org/x/sys v0.49.0 // indirect
	golang.org/x/text v0.43.0 // indirect
	google.golang.org/genproto/googleapis/rpc v0.0.0-20260817212433-ac3dfec99bb1 // indirect
	google.golang.org/protobuf v1.36.12 // indirect
)

replace github.com/grpclint/grpclint => ../../../../..

// The root module asks for a newer one.
replace google.golang.org/grpc => google.golang.org/grpc v1.70.0
