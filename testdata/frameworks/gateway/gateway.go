// Package gateway holds gateways from HTTP to gRPC.
package gateway

import (
	"context"
	"net/http"
	"time"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/grpclog"
)

// RegisterOrderServiceHandlerFromEndpoint is as protoc-gen-grpc-gateway makes it.
func RegisterOrderServiceHandlerFromEndpoint(ctx context.Context, mux *runtime.ServeMux, endpoint string, opts []grpc.DialOption) (err error) {
	conn, err := grpc.NewClient(endpoint, opts...)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			if cerr := conn.Close(); cerr != nil {
				grpclog.Errorf("Failed to close conn to %s: %v", endpoint, cerr)
			}
			return
		}
		go func() {
			<-ctx.Done()
			if cerr := conn.Close(); cerr != nil {
				grpclog.Errorf("Failed to close conn to %s: %v", endpoint, cerr)
			}
		}()
	}()
	return RegisterOrderServiceHandler(ctx, mux, conn)
}

// RegisterOrderServiceHandler is as protoc-gen-grpc-gateway makes it.
func RegisterOrderServiceHandler(ctx context.Context, mux *runtime.ServeMux, conn *grpc.ClientConn) error {
	return nil
}

func serve(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	mux := runtime.NewServeMux()
	opts := []grpc.DialOption{grpc.WithTransportCredentials(insecure.NewCredentials())}
	if err := RegisterOrderServiceHandlerFromEndpoint(ctx, mux, "localhost:9090", opts); err != nil {
		return err
	}
	server := &http.Server{Addr: ":8080", Handler: mux, ReadHeaderTimeout: time.Second}
	return server.ListenAndServe()
}

// Bad.

// Each request has a gateway of its own.
func perRequest(w http.ResponseWriter, r *http.Request) {
	mux := runtime.NewServeMux()
	opts := []grpc.DialOption{grpc.WithTransportCredentials(insecure.NewCredentials())}
	if err := RegisterOrderServiceHandlerFromEndpoint(r.Context(), mux, "localhost:9090", opts); err != nil { // want `every request opens a new connection: perRequest → RegisterOrderServiceHandlerFromEndpoint`
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	mux.ServeHTTP(w, r)
}
