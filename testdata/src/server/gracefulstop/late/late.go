// Package late stops servers at once when that has nothing to end any more.
package late

import (
	"log"
	"net"
	"os"
	"sync"
	"time"

	"google.golang.org/grpc"

	"example.com/testdata/server/gracefulstop/feed"
	"example.com/testdata/stubs/orderpb"
)

func bothInARow(l net.Listener, signals <-chan os.Signal, f *feed.Feed) {
	s := grpc.NewServer()
	orderpb.RegisterOrderServiceServer(s, f) // related `registered here`
	go s.Serve(l)
	<-signals
	s.GracefulStop() // want `^the shutdown waits for as long as clients like: Stop only comes when GracefulStop has returned \[server/graceful-stop\]$`
	s.Stop()         // related `comes too late`
}

func atTheEnd(l net.Listener, signals <-chan os.Signal, f *feed.Feed) {
	s := grpc.NewServer()
	defer s.Stop()
	orderpb.RegisterOrderServiceServer(s, f)
	go s.Serve(l)
	<-signals
	log.Print("stopping")
	s.GracefulStop() // want `Stop only comes when GracefulStop has returned`
}

type handler struct {
	mu     sync.Mutex
	server *grpc.Server
}

func newHandler(orders orderpb.OrderServiceServer) *handler {
	h := &handler{server: grpc.NewServer()}
	orderpb.RegisterOrderServiceServer(h.server, orders)
	return h
}

// Close is for others, who rely on what it promises.
func (h *handler) Close(timeout time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.server.GracefulStop() // want info `Stop only comes when GracefulStop has returned`
	time.Sleep(timeout)
	h.server.Stop()
	h.server = nil
}

type once struct {
	server *grpc.Server
	stop   sync.Once
}

func newOnce(f *feed.Feed) *once {
	o := &once{server: grpc.NewServer()}
	orderpb.RegisterOrderServiceServer(o.server, f)
	return o
}

func (o *once) end(signals <-chan os.Signal) {
	<-signals
	o.stop.Do(func() { log.Print("stopping") })
	o.server.GracefulStop() // something may have ended the streams
	o.server.Stop()
}

// Silent: nobody knows who else stops it, or all that runs is short.

type short struct {
	orderpb.UnimplementedOrderServiceServer
}

func onlyShort(l net.Listener, signals <-chan os.Signal) {
	s := grpc.NewServer()
	orderpb.RegisterOrderServiceServer(s, short{})
	go s.Serve(l)
	<-signals
	s.GracefulStop()
	s.Stop()
}

func framework(f *feed.Feed) func() {
	s := grpc.NewServer()
	orderpb.RegisterOrderServiceServer(s, f)
	return func() {
		s.GracefulStop()
		s.Stop()
	}
}
