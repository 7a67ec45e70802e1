package ignoredoption

import (
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

// onlyUse is the only use of package time in its file: the import goes too.
func onlyUse(addr string) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr,
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithTimeout(3*time.Second), // want `grpc.NewClient ignores grpc.WithTimeout`
	)
}
