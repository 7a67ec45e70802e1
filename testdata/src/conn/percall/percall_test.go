package percall

import (
	"net/http"
	"testing"

	"google.golang.org/grpc"
)

// A test's handler may dial.
func TestHandler(t *testing.T) {
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		conn, err := grpc.NewClient("x", creds)
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close()
	})
}
