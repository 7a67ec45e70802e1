package stream

// concurrentSend is about streams on which two goroutines send:
//
//	for _, u := range users {
//		go func() { stream.Send(load(u)) }()
//	}
var concurrentSend = clash{rule: "stream/concurrent-send", name: "Send", verb: "send"}
