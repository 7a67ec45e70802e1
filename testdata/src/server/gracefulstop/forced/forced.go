// Package forced stops a server at once if it has to.
package forced

import (
	"net"
	"os"
	"time"

	"google.golang.org/grpc"

	"example.com/testdata/server/gracefulstop/feed"
	"example.com/testdata/stubs/orderpb"
)

func run(l net.Listener, signals <-chan os.Signal, f *feed.Feed) error {
	s := grpc.NewServer()
	orderpb.RegisterOrderServiceServer(s, f)
	go func() {
		<-signals
		stop(s)
	}()
	return s.Serve(l)
}

func stop(s *grpc.Server) {
	timer := time.AfterFunc(10*time.Second, s.Stop)
	defer timer.Stop()
	s.GracefulStop()
}
