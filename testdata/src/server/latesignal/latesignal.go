// Package latesignal stops servers.
package latesignal

import (
	"log"
	"net"
	"os"
	"os/signal"
	"syscall"

	"google.golang.org/grpc"
)

func waits(l net.Listener) {
	s := grpc.NewServer()
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM)
	if err := s.Serve(l); err != nil {
		log.Fatal(err)
	}
	<-signals // want `signals are caught and nothing comes of them: this wait is behind s.Serve, which does not return \[server/late-signal\]`
	s.GracefulStop()
}

func stops(l net.Listener) {
	s := grpc.NewServer()
	if err := s.Serve(l); err != nil {
		log.Print(err)
	}
	s.GracefulStop() // want `never stops the server: s.GracefulStop is behind s.Serve, which only returns when it has stopped \[server/late-signal\]`
}

func atOnce(l net.Listener) {
	s := grpc.NewServer()
	s.Serve(l)
	s.Stop() // want `never stops the server: s.Stop is behind s.Serve`
}

func assigned(l net.Listener) error {
	s := grpc.NewServer()
	err := s.Serve(l)
	s.GracefulStop() // want `server/late-signal`
	return err
}

type app struct{ server *grpc.Server }

func (a *app) run(l net.Listener) {
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGTERM)
	if err := a.server.Serve(l); err != nil {
		log.Fatal(err)
	}
	sig := <-c // want `this wait is behind a.server.Serve`
	log.Print(sig)
}
