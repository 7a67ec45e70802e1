package rule

// Tags returns the tags that rules have, sorted. They sort rules across
// families, by what is at stake or who is concerned; a family needs no tag.
func Tags() []string {
	return []string{
		"api",           // promises to clients that are hard to take back
		"availability",  // something hangs, is refused or breaks down under load
		"balancing",     // how load comes to servers
		"cancellation",  // work goes on for nobody, or ends too soon
		"compatibility", // breaks with the next version of something
		"concurrency",   // goroutines and what they share
		"correctness",   // does something else than is written
		"crash",         // ends the process
		"deadlines",
		"directives",  // comments for grpclint itself
		"operations",  // logs, metrics and traces say the wrong thing
		"portability", // other gRPC implementations differ
		"resources",   // memory, connections, goroutines that pile up
		"retries",
		"security",
		"streaming",
	}
}
