package concurrentsend

import (
	"context"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	pb "example.com/testdata/stubs/orderpb"
)

// Ways to start goroutines.

func nestedLoops(stream pb.OrderService_WatchOrdersServer, groups [][]string) error {
	var g errgroup.Group
	for _, group := range groups {
		for _, u := range group {
			g.Go(func() error { return stream.Send(get(u)) }) // want `goroutines of one loop send on stream`
		}
	}
	return g.Wait()
}

func openedInOuterLoop(ctx context.Context, c pb.OrderServiceClient, groups [][]*pb.ChatMessage) {
	for _, group := range groups {
		stream, err := c.Chat(ctx)
		if err != nil {
			return
		}
		for _, m := range group {
			go stream.Send(m) // want `goroutines of one loop send on stream`
		}
	}
}

// directPerItem waits for what is to be sent, and for no goroutine.
func directPerItem(stream pb.OrderService_ChatServer, in <-chan *pb.ChatMessage) {
	for m := range in {
		go stream.Send(m) // want `goroutines of one loop send on stream`
	}
}

// streamPerItem has a stream for each: silent.
func streamPerItem(streams <-chan pb.OrderService_ChatServer, m *pb.ChatMessage) {
	for stream := range streams {
		go stream.Send(m)
	}
}

// perItem receives what is to be sent, not the end of what sends it.
func perItem(stream pb.OrderService_ChatServer, in <-chan *pb.ChatMessage) {
	for m := range in {
		go func() {
			stream.Send(m) // want `goroutines of one loop send on stream`
		}()
	}
}

func untilDone(ctx context.Context, stream pb.OrderService_ChatServer, in <-chan *pb.ChatMessage) {
	for {
		select {
		case <-ctx.Done():
			return
		case m := <-in:
			go send(stream, m)
		}
	}
}

func send(stream pb.OrderService_ChatServer, m *pb.ChatMessage) {
	stream.Send(m) // want `goroutines of one loop send on stream`
}

func run(f func() error, failed chan<- error) { failed <- f() }

func twiceByHelper(stream pb.OrderService_ChatServer) error {
	failed := make(chan error, 2)
	go run(func() error { return stream.Send(nil) }, failed) // want `two goroutines send on stream at the same time`
	go run(func() error { return stream.Send(nil) }, failed) // related `the other one`
	return <-failed
}

func twiceByVariable(stream pb.OrderService_ChatServer) error {
	failed := make(chan error, 2)
	start := func(f func() error) {
		go func() { failed <- f() }()
	}
	start(func() error { return stream.Send(nil) }) // want `two goroutines send on stream at the same time`
	start(func() error { return stream.Send(nil) }) // related `the other one`
	return <-failed
}

func sender(stream pb.OrderService_ChatServer, m *pb.ChatMessage) func() error {
	return func() error { return stream.Send(m) } // want `two goroutines send on stream at the same time`
}

func byMaker(stream pb.OrderService_ChatServer) error {
	var g errgroup.Group
	g.Go(sender(stream, nil))
	g.Go(sender(stream, nil))
	return g.Wait()
}

// Made by a maker that another calls.

func sendLater(stream pb.OrderService_ChatServer, m *pb.ChatMessage) func() error {
	return func() error { return stream.Send(m) } // want `two goroutines send on stream at the same time`
}

func laterSender(stream pb.OrderService_ChatServer) func() error { return sendLater(stream, nil) }

func byMakersMaker(first, second pb.OrderService_ChatServer) error {
	var g errgroup.Group
	g.Go(laterSender(first))
	g.Go(laterSender(first))
	return g.Wait()
}

func sendApart(stream pb.OrderService_ChatServer, m *pb.ChatMessage) func() error {
	return func() error { return stream.Send(m) }
}

func apartSender(stream pb.OrderService_ChatServer) func() error { return sendApart(stream, nil) }

func inLiteral(stream pb.OrderService_ChatServer) func() error {
	made := func() func() error {
		return func() error { return stream.Send(nil) }
	}
	return made()
}

func toEachItsOwn(first, second pb.OrderService_ChatServer) error {
	var g errgroup.Group
	g.Go(apartSender(first))
	g.Go(apartSender(second))
	return g.Wait()
}

func toEachItsOwnInLiteral(first, second pb.OrderService_ChatServer) error {
	var g errgroup.Group
	g.Go(inLiteral(first))
	g.Go(inLiteral(second))
	return g.Wait()
}

func opened(ctx context.Context, c pb.OrderServiceClient) func() error {
	stream, err := c.Chat(ctx)
	if err != nil {
		return func() error { return err }
	}
	return sendOpened(stream)
}

func sendOpened(stream pb.OrderService_ChatClient) func() error {
	return func() error { return stream.Send(nil) }
}

func eachOpens(ctx context.Context, c pb.OrderServiceClient) error {
	var g errgroup.Group
	g.Go(opened(ctx, c))
	g.Go(opened(ctx, c))
	return g.Wait()
}

func fromList(stream pb.OrderService_ChatServer) error {
	tasks := []func() error{
		func() error { return stream.Send(nil) }, // want `two goroutines send on stream at the same time`
		func() error { return stream.Send(nil) }, // related `the other one`
	}
	var eg errgroup.Group
	for _, task := range tasks {
		eg.Go(task)
	}
	return eg.Wait()
}

func fromListInLiteral(stream pb.OrderService_ChatServer) {
	var wg sync.WaitGroup
	for _, task := range []func(){
		func() { stream.Send(nil) }, // want `two goroutines send on stream at the same time`
		func() { stream.Send(nil) }, // related `the other one`
	} {
		wg.Add(1)
		go func() {
			defer wg.Done()
			task()
		}()
	}
	wg.Wait()
}

func each(n int, f func(int)) {
	var wg sync.WaitGroup
	for i := range n {
		wg.Add(1)
		go func() {
			defer wg.Done()
			f(i)
		}()
	}
	wg.Wait()
}

func byEach(stream pb.OrderService_ChatServer, messages []*pb.ChatMessage) {
	each(len(messages), func(i int) {
		stream.Send(messages[i]) // want `goroutines of one loop send on stream`
	})
}

type narrow interface {
	Send(*pb.ChatMessage) error
}

func pump(s narrow, messages []*pb.ChatMessage) {
	for _, m := range messages {
		go s.Send(m) // want `goroutines of one loop send on s at the same time`
	}
}

func pumps(stream pb.OrderService_ChatServer) { pump(stream, nil) }

func closesBeside(ctx context.Context, c pb.OrderServiceClient, out <-chan *pb.ChatMessage) error {
	stream, err := c.Chat(ctx)
	if err != nil {
		return err
	}
	go func() {
		for m := range out {
			stream.Send(m) // want `^one goroutine sends on stream while another closes it: CloseSend is not safe beside Send \[stream/concurrent-send\]$` `stream/ignored-send`
		}
	}()
	for range 3 {
		if _, err := stream.Recv(); err != nil {
			return err
		}
	}
	return stream.CloseSend() // related `the other one`
}

// Silent.

func closesBehind(ctx context.Context, c pb.OrderServiceClient, out <-chan *pb.ChatMessage) error {
	stream, err := c.Chat(ctx)
	if err != nil {
		return err
	}
	go func() {
		for m := range out {
			stream.Send(m) // want `stream/ignored-send`
		}
		stream.CloseSend()
	}()
	for {
		if _, err := stream.Recv(); err != nil {
			return err
		}
	}
}

func makerOfOthers(a, b pb.OrderService_ChatServer) error {
	var g errgroup.Group
	g.Go(sender(a, nil))
	g.Go(sender(b, nil))
	return g.Wait()
}

func literalsOfMaker(a, b pb.OrderService_ChatServer) {
	first, second := sender(a, nil), sender(b, nil)
	go first()
	second()
}

func oneInList(stream pb.OrderService_ChatServer) error {
	var eg errgroup.Group
	for _, task := range []func() error{
		func() error { return stream.Send(nil) },
		func() error { _, err := stream.Recv(); return err },
	} {
		eg.Go(task)
	}
	return eg.Wait()
}

func (w *worker) both() {
	for _, task := range []func(){w.work, w.work} {
		task()
	}
}

func listInTurn(stream pb.OrderService_ChatServer) {
	for _, task := range []func() error{
		func() error { return stream.Send(nil) },
		func() error { return stream.Send(nil) },
	} {
		if task() != nil {
			return
		}
	}
}

func synchronously(f func() error) error { return f() }

func inTurn(stream pb.OrderService_ChatServer) error {
	if err := synchronously(func() error { return stream.Send(nil) }); err != nil {
		return err
	}
	return synchronously(func() error { return stream.Send(nil) })
}

type guarded struct{ mu sync.Mutex }

func (g *guarded) do(f func()) {
	g.mu.Lock()
	defer g.mu.Unlock()
	f()
}

func (g *guarded) enter() { g.mu.Lock() }
func (g *guarded) leave() { g.mu.Unlock() }

var passes = func(f func()) { f() }

// Silent: a helper takes the lock, another one calls.

func (g *guarded) doByHelpers(f func()) {
	g.enter()
	defer g.leave()
	passes(f)
}

func underLockOfHelper(g *guarded, stream pb.OrderService_ChatServer) {
	for range 3 {
		go func() { g.doByHelpers(func() { stream.Send(nil) }) }()
	}
}

// Bad: it is released before.

func (g *guarded) doBehind(f func()) {
	g.enter()
	g.leave()
	passes(f)
}

func behindLock(g *guarded, stream pb.OrderService_ChatServer) {
	for range 3 {
		go func() { g.doBehind(func() { stream.Send(nil) }) }() // want `goroutines of one loop send on stream`
	}
}

func underLock(g *guarded, stream pb.OrderService_ChatServer) {
	for range 3 {
		go func() { g.do(func() { stream.Send(nil) }) }()
	}
}

// eachAnswers waits for the goroutine by the channel that it sends on.
func eachAnswers(stream pb.OrderService_ChatServer, in <-chan *pb.ChatMessage) {
	answers := make(chan error)
	for m := range in {
		go func() { answers <- stream.Send(m) }()
		<-answers
	}
}

type worker struct {
	stream pb.OrderService_ChatServer
	idle   chan bool
}

func (w *worker) work() {
	w.stream.Send(nil)
	w.finish()
}

func (w *worker) finish() { w.idle <- true }

func (w *worker) wait() { <-w.idle }

func workers(stream pb.OrderService_ChatServer) {
	w := &worker{stream, make(chan bool)}
	for range 3 {
		go w.work()
		w.wait()
	}
}

// closedByWaiter is told by another goroutine, which has waited.
func closedByWaiter(stream pb.OrderService_ChatServer) error {
	var wg sync.WaitGroup
	done := make(chan struct{})
	wg.Add(1)
	go func() {
		defer wg.Done()
		stream.Send(nil)
	}()
	go func() {
		wg.Wait()
		close(done)
	}()
	<-done
	return stream.Send(nil)
}

func cancelledAtEnd(ctx context.Context, stream pb.OrderService_ChatServer) error {
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		defer cancel()
		stream.Send(nil)
	}()
	<-ctx.Done()
	return stream.Send(nil)
}

func toldByUnknown(stream pb.OrderService_ChatServer, tell func(), told <-chan bool) error {
	go func() {
		stream.Send(nil)
		tell()
	}()
	<-told
	return stream.Send(nil)
}

func now(stream pb.OrderService_ChatServer, tick <-chan time.Time) {
	for range tick {
		go stream.Send(nil)
	}
}

type ownNarrow interface {
	Send(*pb.ChatMessage) error
}

type queue struct{ mu sync.Mutex }

func (q *queue) Send(*pb.ChatMessage) error { return nil }

// Something else may be behind the interface.
func pumpAny(s ownNarrow, messages []*pb.ChatMessage) {
	for _, m := range messages {
		go s.Send(m)
	}
}

func pumpsAny(stream pb.OrderService_ChatServer) {
	pumpAny(stream, nil)
	pumpAny(new(queue), nil)
}

// oneToken lets one goroutine run at a time.
func oneToken(stream pb.OrderService_ChatServer, in <-chan *pb.ChatMessage) {
	token := make(chan bool, 1)
	for m := range in {
		token <- true
		go func() {
			defer func() { <-token }()
			stream.Send(m)
		}()
	}
}

func twoTokens(stream pb.OrderService_ChatServer, in <-chan *pb.ChatMessage) {
	tokens := make(chan bool, 2)
	for m := range in {
		tokens <- true
		go func() {
			defer func() { <-tokens }()
			stream.Send(m) // want `goroutines of one loop send on stream`
		}()
	}
}
