package lsp

import "context"

const progressToken = "grpclint"

// progress has the client show that everything is looked at, until the function
// that it returns is called.
func (s *server) progress(ctx context.Context) (done func()) {
	s.mu.Lock()
	shows := s.client.progress
	s.mu.Unlock()
	if !shows {
		return func() {}
	}
	if _, err := s.rpc.Callback(ctx, "window/workDoneProgress/create", progressCreateParams{progressToken}); err != nil {
		return func() {}
	}
	s.push("$/progress", progressParams{progressToken, progressValue{Kind: "begin", Title: "grpclint"}})
	return func() { s.push("$/progress", progressParams{progressToken, progressValue{Kind: "end"}}) }
}
