// Package mixed stops servers at once while others still wait.
package mixed

import (
	"net"
	"os"
	"time"

	"google.golang.org/grpc"

	"example.com/testdata/server/gracefulstop/feed"
	"example.com/testdata/stubs/orderpb"
)

func inBackground(l net.Listener, signals <-chan os.Signal, f *feed.Feed) {
	s := grpc.NewServer()
	orderpb.RegisterOrderServiceServer(s, f)
	go s.Serve(l)
	<-signals
	go s.GracefulStop()
	time.Sleep(time.Second)
	s.Stop()
}

func byHelper(l net.Listener, signals <-chan os.Signal, f *feed.Feed) {
	s := grpc.NewServer()
	orderpb.RegisterOrderServiceServer(s, f)
	go s.Serve(l)
	<-signals
	begin(s)
	time.Sleep(time.Second)
	s.Stop()
}

func begin(s *grpc.Server) { go s.GracefulStop() }

func either(l net.Listener, signals <-chan os.Signal, f *feed.Feed, force bool) {
	s := grpc.NewServer()
	defer s.Stop()
	orderpb.RegisterOrderServiceServer(s, f)
	go s.Serve(l)
	<-signals
	if !force {
		s.GracefulStop()
	}
}
