package rebuiltelsewhere

import (
	"context"

	pb "example.com/testdata/stubs/orderpb"
)

type server struct {
	pb.UnimplementedOrderServiceServer
}

// Chat receives from a client, with which no connection of this program has
// to do.
func (s *server) Chat(stream pb.OrderService_ChatServer) error {
	_, err := stream.Recv()
	if err == context.Canceled { // want `never true: the error of the stream's Recv has the code Canceled, it is not context\.Canceled`
		return nil
	}
	return err
}
