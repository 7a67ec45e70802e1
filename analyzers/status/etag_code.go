package status

// etagCode returns the code that the program answers a stale etag with, by
// its configuration.
func etagCode() string { return "ABORTED" }
