package unbounded

import (
	"context"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"

	"example.com/testdata/stubs/pingpb"
)

// Silent: it waits until a server is there, which is what the service is for.

func healthy(c grpc_health_v1.HealthClient, service string) error {
	for {
		_, err := c.Check(context.Background(), &grpc_health_v1.HealthCheckRequest{Service: service}) // want `deadline/missing`
		if status.Code(err) != codes.Unavailable {
			return err
		}
		<-time.After(time.Second)
	}
}

func pinged(c pingpb.PingServiceClient) error {
	for {
		_, err := c.GetVersion(context.Background(), &emptypb.Empty{}) // want `deadline/missing`
		if status.Code(err) != codes.Unavailable {
			return err
		}
		<-time.After(time.Second)
	}
}
