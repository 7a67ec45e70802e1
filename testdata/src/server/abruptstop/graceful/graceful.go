// Package graceful waits before it stops a server.
package graceful

import (
	"net"
	"os"
	"os/signal"
	"syscall"
	"time"

	"google.golang.org/grpc"
)

func run(l net.Listener) error {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	s := grpc.NewServer()
	go func() {
		<-signals
		time.AfterFunc(10*time.Second, func() { s.Stop() })
		s.GracefulStop()
	}()
	return s.Serve(l)
}
