package concurrentsend

import (
	"example.com/testdata/stream/concurrentsend/helper"
	pb "example.com/testdata/stubs/orderpb"
)

// A task takes a function to where it is run.
type task struct{ f func() }

func (t task) run() { t.f() }

func inTasks(f func()) {
	for range 3 {
		go task{f}.run()
	}
}

func byTasks(stream pb.OrderService_ChatServer) {
	inTasks(func() { stream.Send(nil) }) // want `goroutines of one loop send on stream`
}

func twiceElsewhere(stream pb.OrderService_ChatServer) {
	go helper.Do(func() error { return stream.Send(nil) }) // want `two goroutines send on stream at the same time`
	go helper.Do(func() error { return stream.Send(nil) }) // related `the other one`
}

// Silent: one after the other, or behind a lock.

type oneTurn struct{ f func() }

func (t oneTurn) run() { t.f() }

func byTurn(f func()) {
	for range 3 {
		oneTurn{f}.run()
	}
}

func inTurns(stream pb.OrderService_ChatServer) {
	byTurn(func() { stream.Send(nil) })
	byTurn(func() { stream.Send(nil) })
}

func lockedElsewhere(stream pb.OrderService_ChatServer, once *helper.Once) {
	go once.Do(func() error { return stream.Send(nil) })
	go once.Do(func() error { return stream.Send(nil) })
}
