package stream

// concurrentRecv is about streams on which two goroutines receive:
//
//	for range workers {
//		go func() { m, err := stream.Recv(); ... }()
//	}
var concurrentRecv = clash{rule: "stream/concurrent-recv", name: "Recv", verb: "receive"}
