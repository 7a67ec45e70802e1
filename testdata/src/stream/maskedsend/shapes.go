package maskedsend

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log"
	"log/slog"

	"golang.org/x/sync/errgroup"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	pb "example.com/testdata/stubs/orderpb"
)

// The error of Send is asked for its code.
func asked(ctx context.Context, c pb.OrderServiceClient) (bool, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stream, err := c.Chat(ctx)
	if err != nil {
		return false, err
	}
	err = stream.Send(nil) // related `the error is of this call`
	if err != nil {
		log.Print("sending failed")
		return status.Code(err) == codes.Unavailable, err // want `^the code is Unknown whatever has ended Chat: Send says io.EOF, and only Recv the status \[stream/masked-send\]$` at `status.Code(err)`
	}
	done := make(chan error, 1)
	go receiveAll(stream, done)
	return false, <-done
}

func askedOnly(ctx context.Context, c pb.OrderServiceClient) error {
	stream, err := c.UploadOrders(ctx)
	if err != nil {
		return err
	}
	if err := stream.Send(nil); err != nil {
		if s, ok := status.FromError(err); ok && s.Code() == codes.Unavailable { // want `the code is Unknown whatever has ended UploadOrders`
			return errors.New("unavailable")
		}
		return errors.New("failed")
	}
	_, err = stream.CloseAndRecv()
	return err
}

func loggedOnly(ctx context.Context, c pb.OrderServiceClient, rs []*pb.UploadOrdersRequest) {
	stream, err := c.UploadOrders(ctx)
	if err != nil {
		return
	}
	for _, r := range rs {
		if err := stream.Send(r); err != nil { // want `reason for ending UploadOrders is lost`
			slog.Error("sending", "error", err) // related `leaves here`
			return
		}
	}
	log.Print(stream.CloseAndRecv())
}

func loggedInGoroutine(ctx context.Context, c pb.OrderServiceClient, out <-chan *pb.UploadOrdersRequest) {
	stream, err := c.UploadOrders(ctx) // want `stream/unread-result`
	if err != nil {
		return
	}
	go func() {
		for r := range out {
			if err := stream.Send(r); err != nil { // want `reason for ending UploadOrders is lost`
				log.Printf("sending: %v", err)
				return
			}
		}
	}()
}

func inGroup(ctx context.Context, c pb.OrderServiceClient, rs []*pb.UploadOrdersRequest) error {
	stream, err := c.UploadOrders(ctx)
	if err != nil {
		return err
	}
	var g errgroup.Group
	g.Go(func() error {
		for _, r := range rs {
			if err := stream.Send(r); err != nil { // want `reason for ending UploadOrders is lost`
				return err
			}
		}
		return nil
	})
	if err := g.Wait(); err != nil {
		return err
	}
	_, err = stream.CloseAndRecv()
	return err
}

func byLiteral(ctx context.Context, c pb.OrderServiceClient) error {
	stream, err := c.UploadOrders(ctx)
	if err != nil {
		return err
	}
	send := func(r *pb.UploadOrdersRequest) error { return stream.Send(r) }
	if err := send(nil); err != nil { // want `reason for ending UploadOrders is lost`
		return err
	}
	_, err = stream.CloseAndRecv()
	return err
}

// sink is an adapter.
type sink struct {
	stream pb.OrderService_UploadOrdersClient
}

func (s *sink) Write(p []byte) (int, error) {
	if err := s.stream.Send(new(pb.UploadOrdersRequest)); err != nil {
		return 0, err
	}
	return len(p), nil
}

func copied(ctx context.Context, c pb.OrderServiceClient, file io.Reader) error {
	stream, err := c.UploadOrders(ctx)
	if err != nil {
		return err
	}
	if _, err := io.Copy(&sink{stream}, file); err != nil { // want `reason for ending UploadOrders is lost`
		return err
	}
	_, err = stream.CloseAndRecv()
	return err
}

func encoded(ctx context.Context, c pb.OrderServiceClient, v any) error {
	stream, err := c.UploadOrders(ctx)
	if err != nil {
		return err
	}
	encoder := json.NewEncoder(&sink{stream: stream})
	if err := encoder.Encode(v); err != nil { // want `reason for ending UploadOrders is lost`
		return err
	}
	_, err = stream.CloseAndRecv()
	return err
}

// upload is closed by who made it.
type upload struct {
	stream pb.OrderService_UploadOrdersClient
}

func newUpload(ctx context.Context, c pb.OrderServiceClient) (*upload, error) {
	stream, err := c.UploadOrders(ctx)
	if err != nil {
		return nil, err
	}
	return &upload{stream: stream}, nil
}

func (u *upload) Write(p []byte) (int, error) {
	if err := u.stream.Send(new(pb.UploadOrdersRequest)); err != nil {
		return 0, err
	}
	return len(p), nil
}

func (u *upload) Close() error {
	_, err := u.stream.CloseAndRecv()
	return err
}

func uploads(ctx context.Context, c pb.OrderServiceClient, file io.Reader) error {
	u, err := newUpload(ctx, c)
	if err != nil {
		return err
	}
	if _, err := io.Copy(u, file); err != nil { // want `reason for ending UploadOrders is lost`
		return err
	}
	return u.Close()
}

func silentUploads(ctx context.Context, c pb.OrderServiceClient, file io.Reader) (err error) {
	u, err := newUpload(ctx, c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, u.Close()) }()
	_, err = io.Copy(u, file)
	return err
}

// deaf never receives.
type deaf struct {
	stream pb.OrderService_ChatClient
}

func dialDeaf(ctx context.Context, c pb.OrderServiceClient) (*deaf, error) {
	stream, err := c.Chat(ctx)
	if err != nil {
		return nil, err
	}
	return &deaf{stream}, nil
}

func (d *deaf) say(m *pb.ChatMessage) error {
	return d.stream.Send(m) // want `reason for ending Chat is lost: Send says io.EOF, and only Recv the status`
}

// mute never receives, and is made of the stream.
type mute struct {
	stream pb.OrderService_ChatClient
}

func newMute(stream pb.OrderService_ChatClient) *mute { return &mute{stream} }

func dialMute(ctx context.Context, c pb.OrderServiceClient) (*mute, error) {
	stream, err := c.Chat(ctx)
	if err != nil {
		return nil, err
	}
	return newMute(stream), nil
}

func (m *mute) say(text string) error {
	return m.stream.Send(&pb.ChatMessage{Text: text}) // want `reason for ending Chat is lost: Send says io.EOF, and only Recv the status`
}

// hearing receives in a goroutine.
type hearing struct {
	stream pb.OrderService_ChatClient
}

func dialHearing(ctx context.Context, c pb.OrderServiceClient) (*hearing, error) {
	stream, err := c.Chat(ctx)
	if err != nil {
		return nil, err
	}
	h := &hearing{stream}
	go h.listen()
	return h, nil
}

func (h *hearing) listen() {
	for {
		if _, err := h.stream.Recv(); err != nil {
			log.Print(err)
			return
		}
	}
}

func (h *hearing) say(m *pb.ChatMessage) error { return h.stream.Send(m) }

// lent is used by others too.
type lent struct {
	stream pb.OrderService_ChatClient
}

func dialLent(ctx context.Context, c pb.OrderServiceClient) (*lent, error) {
	stream, err := c.Chat(ctx)
	if err != nil {
		return nil, err
	}
	return &lent{stream}, nil
}

func (l *lent) say(m *pb.ChatMessage) error { return l.stream.Send(m) }

func (l *lent) raw() pb.OrderService_ChatClient { return l.stream }

// Silent.

func silentLogged(ctx context.Context, c pb.OrderServiceClient, rs []*pb.UploadOrdersRequest) error {
	stream, err := c.UploadOrders(ctx)
	if err != nil {
		return err
	}
	for _, r := range rs {
		if err := stream.Send(r); err != nil {
			log.Printf("sending: %v", err)
			break
		}
	}
	_, err = stream.CloseAndRecv()
	return err
}

func silentAskedBehind(ctx context.Context, c pb.OrderServiceClient) error {
	stream, err := c.UploadOrders(ctx)
	if err != nil {
		return err
	}
	err = stream.Send(nil)
	if err == io.EOF {
		_, err = stream.CloseAndRecv()
		return err
	}
	if status.Code(err) == codes.Canceled {
		return nil
	}
	return nil
}

func silentSenderInGoroutine(ctx context.Context, c pb.OrderServiceClient, rs []*pb.ChatMessage) {
	stream, err := c.Chat(ctx)
	if err != nil {
		return
	}
	go func() {
		for _, r := range rs {
			if err := stream.Send(r); err != nil {
				log.Print(err)
				return
			}
		}
	}()
	for {
		if _, err := stream.Recv(); err != nil {
			log.Print(err)
			return
		}
	}
}

func silentGroup(ctx context.Context, c pb.OrderServiceClient, rs []*pb.ChatMessage) error {
	stream, err := c.Chat(ctx)
	if err != nil {
		return err
	}
	var g errgroup.Group
	g.Go(func() error {
		for _, r := range rs {
			if err := stream.Send(r); err != nil {
				return err
			}
		}
		return stream.CloseSend()
	})
	g.Go(func() error {
		for {
			if _, err := stream.Recv(); err != nil {
				return err
			}
		}
	})
	return g.Wait()
}

func silentReceivesMeanwhile(ctx context.Context, c pb.OrderServiceClient) error {
	stream, err := c.Chat(ctx)
	if err != nil {
		return err
	}
	var g errgroup.Group
	g.Go(func() error { return stream.Send(nil) })
	for {
		if _, err := stream.Recv(); err != nil {
			log.Print(err)
			break
		}
	}
	return g.Wait()
}

// twoWay reads what comes back.
type twoWay struct {
	stream pb.OrderService_ChatClient
}

func (t *twoWay) Write(p []byte) (int, error) { return len(p), t.stream.Send(nil) }

func (t *twoWay) Read(p []byte) (int, error) {
	_, err := t.stream.Recv()
	return 0, err
}

func silentTwoWay(ctx context.Context, c pb.OrderServiceClient, use func(io.ReadWriter) error) error {
	stream, err := c.Chat(ctx)
	if err != nil {
		return err
	}
	return use(&twoWay{stream})
}

// The group runs it behind the receiver, which is started later.
func receiverInGroup(ctx context.Context, c pb.OrderServiceClient) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stream, err := c.Chat(ctx)
	if err != nil {
		return err
	}
	if err := stream.Send(nil); err != nil { // want `reason for ending Chat is lost`
		return err
	}
	var g errgroup.Group
	g.Go(func() error {
		go func() { stream.Recv() }()
		return nil
	})
	return g.Wait()
}

// Bad: the question is asked in a helper.

func statusOf(err error) (*status.Status, bool) { return status.FromError(err) }

func askedByHelper(ctx context.Context, c pb.OrderServiceClient) error {
	stream, err := c.UploadOrders(ctx)
	if err != nil {
		return err
	}
	if err := stream.Send(nil); err != nil {
		if s, ok := statusOf(err); ok && s.Code() == codes.Unavailable { // want `the code is Unknown whatever has ended UploadOrders`
			return errors.New("unavailable")
		}
		return errors.New("failed")
	}
	_, err = stream.CloseAndRecv()
	return err
}

// Silent: it knows what io.EOF stands for.

func statusOrEnd(err error) (*status.Status, bool) {
	if errors.Is(err, io.EOF) {
		return status.New(codes.Unavailable, "ended"), true
	}
	return status.FromError(err)
}

func silentAskedByHelper(ctx context.Context, c pb.OrderServiceClient) error {
	stream, err := c.UploadOrders(ctx)
	if err != nil {
		return err
	}
	if err := stream.Send(nil); err != nil {
		if s, ok := statusOrEnd(err); ok && s.Code() == codes.Unavailable {
			return errors.New("unavailable")
		}
		return errors.New("failed")
	}
	_, err = stream.CloseAndRecv()
	return err
}
