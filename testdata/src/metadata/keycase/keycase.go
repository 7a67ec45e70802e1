// Package keycase reads metadata by keys in upper case.
package keycase

import (
	"context"
	"net/http"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"

	"example.com/testdata/metadata/keycase/received"
	pb "example.com/testdata/stubs/orderpb"
)

func incoming(ctx context.Context) []string {
	md, _ := metadata.FromIncomingContext(ctx)
	return md["X-Request-Id"] // want `never finds anything: keys of metadata are in lower case, "X-Request-Id" is not \[metadata/key-case\]`
}

func commaOk(ctx context.Context) bool {
	if md, ok := metadata.FromIncomingContext(ctx); ok {
		_, ok := md["Authorization"] // want `"Authorization" is not`
		return ok
	}
	return false
}

const tenant = "X-Tenant"

func constant(ctx context.Context) []string { return received.Metadata(ctx)[tenant] } // want `"X-Tenant" is not`

func header(ctx context.Context, c pb.OrderServiceClient) []string {
	var header metadata.MD
	_, _ = c.GetOrder(ctx, nil, grpc.Header(&header))
	return header["Location"] // want `"Location" is not`
}

func trailer(s grpc.ClientStream) []string { return s.Trailer()["Error"] } // want `"Error" is not`

func streamHeader(s grpc.ClientStream) int {
	md, err := s.Header()
	if err != nil {
		return 0
	}
	return len(md["Count"]) // want `"Count" is not`
}

func built() []string { return metadata.Pairs("A", "1")["A"] } // want `"A" is not`

func viaParameter(ctx context.Context) []string {
	md, _ := metadata.FromIncomingContext(ctx)
	return find(md)
}

func find(md metadata.MD) []string { return md["X-User"] } // want `"X-User" is not`

func inLiteral(ctx context.Context) func() []string {
	md, _ := metadata.FromIncomingContext(ctx)
	return func() []string { return md["X-User"] } // want `"X-User" is not`
}

// What follows is right, or not known to be wrong.

func lower(ctx context.Context) []string {
	md, _ := metadata.FromIncomingContext(ctx)
	return md["x-request-id"]
}

func get(ctx context.Context) []string {
	md, _ := metadata.FromIncomingContext(ctx)
	return md.Get("X-Request-Id")
}

func byHand() []string {
	md := metadata.MD{"X-Request-Id": {"1"}}
	return md["X-Request-Id"]
}

func fromHTTP(r *http.Request) []string { return metadata.MD(r.Header)["X-Request-Id"] }

func fromHTTPElsewhere(r *http.Request) []string { return received.FromHTTP(r.Header)["X-Request-Id"] }

// Exported: who knows what it is called with.
func Exported(md metadata.MD) []string { return md["X-Request-Id"] }

func writes(ctx context.Context) []string {
	md, _ := metadata.FromIncomingContext(ctx)
	md["X-Checked"] = []string{"yes"}
	return md["X-Checked"]
}

func oneOf(ctx context.Context, own bool) []string {
	md, _ := metadata.FromIncomingContext(ctx)
	if own {
		md = metadata.MD{"X-Id": {"1"}}
	}
	return md["X-Id"]
}

func variable(ctx context.Context, key string) []string {
	md, _ := metadata.FromIncomingContext(ctx)
	return md[key]
}

func otherMap(m map[string][]string) []string { return m["X-Request-Id"] }

type carrier struct{ md metadata.MD }

func (c carrier) field() []string { return c.md["X-Request-Id"] }
