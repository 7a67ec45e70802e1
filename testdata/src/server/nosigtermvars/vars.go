// Package nosigtermvars holds the signals that it waits for elsewhere.
package nosigtermvars

import (
	"os"
	"os/signal"
	"syscall"

	"google.golang.org/grpc"
)

var ending = []os.Signal{os.Interrupt, syscall.SIGTERM}

func waits(s *grpc.Server) {
	c := make(chan os.Signal, 1)
	signal.Notify(c, ending...)
	<-c
	s.GracefulStop()
}

func also(c chan os.Signal) { signal.Notify(c, os.Interrupt) }
