package dead

import (
	"errors"
	"io"
	"testing"

	"google.golang.org/grpc"

	"example.com/testdata/stream/dead/require"
	pb "example.com/testdata/stubs/orderpb"
)

func logs(t *testing.T, stream grpc.ServerStreamingClient[pb.OrderEvent]) {
	for {
		_, err := stream.Recv() // want info `the loop spins once stream has failed`
		if errors.Is(err, io.EOF) {
			break
		}
		t.Log(err)
	}
}

func silentRequire(t *testing.T, stream grpc.ServerStreamingClient[pb.OrderEvent]) {
	for {
		_, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
	}
}

func silentFatal(tb testing.TB, stream grpc.ServerStreamingClient[pb.OrderEvent]) {
	for {
		if _, err := stream.Recv(); err != nil {
			tb.Fatal(err)
		}
	}
}
