package lsp

import "github.com/creachadair/jrpc2"

// requests are frames without notifications that are none: they have no
// reply, and jrpc2, which has one for them nevertheless, panics when the
// client has gone before it is sent.
type requests struct{ *frames }

func (r requests) Recv() ([]byte, error) {
	for {
		message, err := r.frames.Recv()
		if err != nil || !isBadNotification(message) {
			return message, err
		}
	}
}

func isBadNotification(message []byte) bool {
	parsed, err := jrpc2.ParseRequests(message)
	if err != nil {
		return false // the client is told
	}
	for _, p := range parsed {
		if p.ID == "" && (p.Error != nil || p.Method == "") {
			return true
		}
	}
	return false
}
