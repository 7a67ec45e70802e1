// Package leak tests stream/leak.
package leak

import (
	"context"
	"errors"
	"io"
	"log"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"

	"example.com/testdata/stream/leak/helper"
	pb "example.com/testdata/stubs/orderpb"
)

func first(c pb.OrderServiceClient) (*pb.OrderEvent, error) {
	stream, err := c.WatchOrders(context.Background(), nil) // want `^the stream of WatchOrders and its goroutine leak: nothing ends it when first is left at line 23, nor does context.Background\(\) \[stream/leak\]$`
	if err != nil {
		return nil, err
	}
	return stream.Recv() // related `leaves the stream open`
}

func find(c pb.OrderServiceClient, name string) (*pb.OrderEvent, error) {
	ctx := metadata.AppendToOutgoingContext(context.TODO(), "k", "v")
	stream, err := c.WatchOrders(ctx, nil) // want `the stream of WatchOrders and its goroutine leak: nothing ends it when find is left at line 41, nor does context.TODO\(\)`
	if err != nil {
		return nil, err
	}
	for {
		m, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		if m.GetOrder().GetName() == name {
			return m, nil
		}
	}
}

func closesOnly(c pb.OrderServiceClient) error {
	ctx, _ := context.WithCancel(context.Background())
	stream, err := c.Chat(ctx) // want `the stream of Chat and its goroutine leak`
	if err != nil {
		return err
	}
	if stream.Send(nil) != nil {
		return errors.New("no")
	}
	return stream.CloseSend()
}

func greets(c pb.OrderServiceClient) {
	stream, err := c.Chat(context.Background()) // want `the stream of Chat and its goroutine leak`
	if err != nil {
		return
	}
	if err := helper.Greet(stream); err != nil { // want `stream/masked-send`
		log.Print(err)
	}
}

func forgets(ctx context.Context, c pb.OrderServiceClient) {
	stream, err := c.WatchOrders(context.WithoutCancel(ctx), nil) // want `nor does context.WithoutCancel`
	if err != nil {
		return
	}
	m, err := stream.Recv()
	log.Print(m, err)
}

func callersContext(ctx context.Context, c pb.OrderServiceClient) (*pb.OrderEvent, error) {
	stream, err := c.WatchOrders(ctx, nil) // want info `^the stream of WatchOrders stays open after callersContext is left at line 82, until the caller cancels ctx`
	if err != nil {
		return nil, err
	}
	return stream.Recv()
}

// One question, one answer, on a stream per call.
func (l *lessor) keepAliveOnce(ctx context.Context, text string) (*reply, error) {
	stream, err := l.remote().Chat(ctx) // want info `the stream of Chat stays open after keepAliveOnce is left at line \d+, until the caller cancels ctx`
	if err != nil {
		return nil, err
	}

	err = stream.Send(&pb.ChatMessage{Text: text}) // want `stream/masked-send`
	if err != nil {
		return nil, err
	}

	resp, rerr := stream.Recv()
	if rerr != nil {
		return nil, rerr
	}
	return &reply{text: resp.GetText()}, nil
}

type lessor struct{ client pb.OrderServiceClient }

func (l *lessor) remote() pb.OrderServiceClient { return l.client }

type reply struct{ text string }

func silentDeadline(c pb.OrderServiceClient) (*pb.OrderEvent, error) {
	ctx, _ := context.WithTimeout(context.Background(), time.Second)
	stream, err := c.WatchOrders(ctx, nil)
	if err != nil {
		return nil, err
	}
	return stream.Recv()
}

func silentCancelled(c pb.OrderServiceClient) (*pb.OrderEvent, error) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	stream, err := c.WatchOrders(ctx, nil)
	if err != nil {
		return nil, err
	}
	return stream.Recv()
}

func silentToTheEnd(c pb.OrderServiceClient) error {
	stream, err := c.WatchOrders(context.Background(), nil)
	if err != nil {
		return err
	}
	for {
		_, err := stream.Recv()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func silentAnswered(c pb.OrderServiceClient) error {
	stream, err := c.UploadOrders(context.Background())
	if err != nil {
		return err
	}
	for range 3 {
		if stream.Send(nil) != nil {
			break
		}
	}
	_, err = stream.CloseAndRecv()
	return err
}

func silentReturned(c pb.OrderServiceClient) (pb.OrderService_WatchOrdersClient, error) {
	stream, err := c.WatchOrders(context.Background(), nil)
	if err != nil {
		return nil, err
	}
	stream.Recv()
	return stream, nil
}

type watcher struct {
	stream pb.OrderService_WatchOrdersClient
}

func (w *watcher) silentStored(c pb.OrderServiceClient) (err error) {
	w.stream, err = c.WatchOrders(context.Background(), nil)
	return err
}

func silentGoroutine(c pb.OrderServiceClient) {
	stream, err := c.WatchOrders(context.Background(), nil)
	if err != nil {
		return
	}
	go func() {
		for {
			if _, err := stream.Recv(); err != nil {
				return
			}
		}
	}()
}

func silentHelper(c pb.OrderServiceClient) {
	stream, err := c.WatchOrders(context.Background(), nil)
	if err != nil {
		return
	}
	helper.Drain(stream)
}

func silentKept(c pb.OrderServiceClient) {
	stream, err := c.WatchOrders(context.Background(), nil)
	if err != nil {
		return
	}
	helper.Keep(stream)
}

func silentConnClosed(c *grpc.ClientConn) (*pb.OrderEvent, error) {
	defer c.Close()
	stream, err := pb.NewOrderServiceClient(c).WatchOrders(context.Background(), nil)
	if err != nil {
		return nil, err
	}
	return stream.Recv()
}

func silentBreak(c pb.OrderServiceClient) {
	stream, err := c.WatchOrders(context.Background(), nil)
	if err != nil {
		return
	}
	for {
		m, err := stream.Recv()
		if err != nil {
			break
		}
		log.Print(m)
	}
}

func silentDeferred(c pb.OrderServiceClient) {
	stream, err := c.UploadOrders(context.Background())
	if err != nil {
		return
	}
	defer stream.CloseAndRecv()
	stream.Send(nil)
}

func silentUnknownContext(contexts map[string]context.Context, c pb.OrderServiceClient) {
	stream, err := c.WatchOrders(contexts["a"], nil)
	if err != nil {
		return
	}
	stream.Recv()
}

// A function literal that goes on with the stream leaves it open on purpose.
func silentLiteral(c pb.OrderServiceClient) (func() error, error) {
	stream, err := c.Chat(context.Background())
	if err != nil {
		return nil, err
	}
	return func() error {
		_, err := stream.Recv()
		return err
	}, nil
}
