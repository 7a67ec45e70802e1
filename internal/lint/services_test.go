package lint

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/grpclint/grpclint/internal/moduletest"
	"github.com/grpclint/grpclint/rule"
)

// A call in one module and the handler in another meet in the method's name,
// whichever module is read first.
func TestServicesOfModules(t *testing.T) {
	t.Setenv("GOWORK", "off")
	const client = `-- CLIENT/go.mod --
module example.com/CLIENT

go 1.26.0

require grpc
-- CLIENT/client.go --
package client

import (
	"context"
	"time"

	"google.golang.org/grpc/codes"
	pb "google.golang.org/grpc/orderpb"
	"google.golang.org/grpc/status"
)

func Get(c pb.OrderServiceClient) bool {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_, err := c.GetOrder(ctx, &pb.GetOrderRequest{})
	return status.Code(err) == codes.Aborted
}
`
	const server = `-- m/go.mod --
module example.com/m

go 1.26.0

require grpc
-- m/server.go --
package server

import (
	"context"
	"time"

	"google.golang.org/grpc/codes"
	pb "google.golang.org/grpc/orderpb"
	"google.golang.org/grpc/status"
)

type server struct {
	pb.UnimplementedOrderServiceServer
	next pb.OrderServiceClient
}

func (s *server) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	if o, err := s.next.GetOrder(ctx, req); err == nil {
		return o, nil
	}
	return nil, status.Error(codes.FailedPrecondition, "no such order")
}
`
	for _, name := range []string{"a", "z"} { // before and behind m
		dir := moduletest.Write(t, "-- go.mod --\nnone\n"+strings.ReplaceAll(client, "CLIENT", name)+server)
		report := Run(Options{Dir: dir, Modules: true, Policy: everything{}, Severity: rule.Info})
		for _, e := range report.Errors {
			t.Errorf("%+v", e)
		}
		var got []string
		for _, f := range report.Findings {
			if f.Rule.ID == "deadline/inverted" || f.Rule.ID == "status/unreachable-code" {
				got = append(got, fmt.Sprintf("%s:%d:%d-%d %s %t %d", f.File, f.Line, f.Column, f.EndColumn, f.Rule.ID, f.Linked, len(f.Related)))
			}
		}
		want := []string{name + "/client.go:13:59-70 deadline/inverted true 2", name + "/client.go:16:29-42 status/unreachable-code true 1"}
		if !slices.Equal(got, want) {
			t.Errorf("found %q, want %q", got, want)
		}

		// Nobody looks for what is not shown.
		quiet := Run(Options{Dir: dir, Modules: true, Policy: everything{}, Severity: rule.Warning})
		if len(quiet.Calls) > 0 || len(quiet.Handlers) > 0 {
			t.Errorf("%d calls and %d handlers are noted for nobody", len(quiet.Calls), len(quiet.Handlers))
		}
	}
}

// Circles of handlers that hand on each other's errors return nothing but what
// others of them do.
func TestMayReturn(t *testing.T) {
	handlers := map[string][]*Handler{
		"s.S/A": {{Sources: []CodeSource{{Code: -1, Of: "s.S/B"}}}},
		"s.S/B": {{Sources: []CodeSource{{Code: -1, Of: "s.S/A"}, {Code: 5}}}},
		"s.S/C": {{Sources: []CodeSource{{Code: -1, Of: "s.S/Elsewhere"}}}},
		"s.S/D": {{Sources: []CodeSource{{Code: -1, What: "a field"}}}},
		"s.S/E": {{Mapped: true}},
		"s.S/F": {{Sources: []CodeSource{{Code: 13}}}},
		"s.S/G": {{Sources: []CodeSource{{Code: 12, What: "not implemented"}}}},
	}
	for method, want := range map[string]bool{"s.S/A": true, "s.S/B": true, "s.S/C": true, "s.S/D": true, "s.S/E": true, "s.S/F": false, "s.S/G": true, "s.S/None": true} {
		if got := mayReturn(method, 5, handlers, nil); got != want {
			t.Errorf("%s may return NOT_FOUND: %t", method, got)
		}
	}
	if mayReturn("s.S/A", 6, handlers, nil) {
		t.Error("s.S/A may return ALREADY_EXISTS")
	}
}
