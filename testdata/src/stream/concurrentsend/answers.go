package concurrentsend

import (
	pb "example.com/testdata/stubs/orderpb"
)

func answerTo(*pb.ChatMessage) *pb.ChatMessage { return nil }

// Whether the other side waits for an answer before it sends again, nobody sees.
func answering(stream pb.OrderService_ChatClient) error {
	for {
		m, err := stream.Recv()
		if err != nil {
			return err
		}
		go func() { // related `the goroutine starts here`
			if m.GetText() == "" {
				stream.Send(&pb.ChatMessage{}) // want info `goroutines of one loop send on stream at the same time: Send is not safe for that`
				return
			}
			stream.Send(answerTo(m)) // one mistake with the one above
		}()
	}
}

// Either the goroutine answers, or the loop does.
func answeringEither(stream pb.OrderService_ChatClient) error {
	for {
		m, err := stream.Recv()
		if err != nil {
			return err
		}
		if m.GetText() != "" {
			go stream.Send(answerTo(m)) // want info `goroutines of one loop send on stream at the same time: Send is not safe for that`
			continue
		}
		stream.Send(&pb.ChatMessage{})
	}
}

// What it receives from another stream is no reason to wait.
func answeringElsewhere(from, to pb.OrderService_ChatClient) error {
	for {
		m, err := from.Recv()
		if err != nil {
			return err
		}
		go func() { // related `the goroutine starts here`
			to.Send(answerTo(m)) // want `goroutines of one loop send on to at the same time: Send is not safe for that`
		}()
	}
}
