package ignoredoption

import (
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

// fromTemplate is what a tool makes of a template, which has more lines.
func fromTemplate(addr string) (*grpc.ClientConn, error) {
//line template.y:1000
	return grpc.NewClient(
		addr,
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithBlock(), // want `grpc.NewClient ignores grpc.WithBlock`
//line template.y:1
	)
}
