package gracefulstop

import (
	"net"

	"google.golang.org/grpc"

	"example.com/testdata/server/gracefulstop/stopper"
	"example.com/testdata/stubs/orderpb"
)

func byOthers(l net.Listener) {
	s := grpc.NewServer()
	orderpb.RegisterOrderServiceServer(s, &orders{})
	go s.Serve(l)
	<-interrupted()
	stopper.Wait(s) // want `GracefulStop does not end WatchOrders`
}

func byLiteral(l net.Listener) {
	s := grpc.NewServer()
	orderpb.RegisterOrderServiceServer(s, &orders{})
	go s.Serve(l)
	stop := func() {
		s.GracefulStop() // want `GracefulStop does not end WatchOrders`
	}
	<-interrupted()
	stop()
}

// Silent: something ends the wait, wherever that is written.

func othersGiveUp(l net.Listener, done chan struct{}) {
	s := grpc.NewServer()
	orderpb.RegisterOrderServiceServer(s, &orders{})
	go s.Serve(l)
	<-interrupted()
	stopper.WaitLong(s)
}

func othersTell(l net.Listener, done chan struct{}) {
	s := grpc.NewServer()
	orderpb.RegisterOrderServiceServer(s, &orders{})
	go s.Serve(l)
	<-interrupted()
	stopper.Tell(s, done)
}

func callerTells(l net.Listener, done chan struct{}) {
	s := grpc.NewServer()
	orderpb.RegisterOrderServiceServer(s, &orders{})
	go s.Serve(l)
	<-interrupted()
	close(done)
	stop(s)
}

func stop(s *grpc.Server) { s.GracefulStop() }

func tellsByHelper(l net.Listener, done chan struct{}) {
	s := grpc.NewServer()
	orderpb.RegisterOrderServiceServer(s, &orders{})
	go s.Serve(l)
	<-interrupted()
	tell := func() { close(done) }
	tell()
	s.GracefulStop()
}

type flagged struct {
	orders
	stopping bool
}

func (f *flagged) leave() { f.stopping = true }

func leavesNote(l net.Listener) {
	s, f := grpc.NewServer(), &flagged{}
	orderpb.RegisterOrderServiceServer(s, f)
	go s.Serve(l)
	<-interrupted()
	f.leave()
	s.GracefulStop()
}
