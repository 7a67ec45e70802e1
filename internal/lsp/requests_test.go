package lsp

import (
	"bytes"
	"io"
	"testing"
)

// What has no reply and cannot be understood is left out.
func TestRequests(t *testing.T) {
	const kept, request = `{"jsonrpc":"2.0","method":"exit"}`, `{"jsonrpc":"2.0","id":1,"extra":1}`
	var in bytes.Buffer
	sender := newFrames(nil, nothingToClose{&in})
	for _, message := range []string{
		`{"jsonrpc":"2.0","method":"exit","extra":1}`, `{"jsonrpc":"2.0"}`, `{"method":"exit"}`, "1", `[` + kept + `,{}]`, kept, request, "{", "[]",
	} {
		if err := sender.Send([]byte(message)); err != nil {
			t.Fatal(err)
		}
	}
	receiver := requests{newFrames(&in, nil)}
	for _, want := range []string{kept, request, "{", "[]"} {
		if got, err := receiver.Recv(); string(got) != want || err != nil {
			t.Errorf("got %s, %v, want %s", got, err, want)
		}
	}
	if got, err := receiver.Recv(); err != io.EOF {
		t.Errorf("got %s, %v at the end", got, err)
	}
}
