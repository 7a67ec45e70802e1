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

	pb "example.com/testdata/stubs/orderpb"
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
	return RegisterOrderServiceHandlerClient(ctx, mux, pb.NewOrderServiceClient(conn))
}

// RegisterOrderServiceHandlerClient is as protoc-gen-grpc-gateway makes it: a
// handler calls with the context of its request.
func RegisterOrderServiceHandlerClient(ctx context.Context, mux *runtime.ServeMux, client pb.OrderServiceClient) error {
	return mux.HandlePath(http.MethodGet, "/v1/orders/{name}", func(w http.ResponseWriter, req *http.Request, params map[string]string) {
		ctx, cancel := context.WithCancel(req.Context())
		defer cancel()
		_, outbound := runtime.MarshalerForRequest(mux, req)
		rctx, err := runtime.AnnotateContext(ctx, mux, req, "/orders.OrderService/GetOrder")
		if err != nil {
			runtime.HTTPError(ctx, mux, outbound, w, req, err)
			return
		}
		var md runtime.ServerMetadata
		reply, err := client.GetOrder(rctx, &pb.GetOrderRequest{Name: params["name"]}, grpc.Header(&md.HeaderMD), grpc.Trailer(&md.TrailerMD))
		if err != nil {
			runtime.HTTPError(rctx, mux, outbound, w, req, err)
			return
		}
		runtime.ForwardResponseMessage(rctx, mux, outbound, w, req, reply)
	})
}

// RegisterOrderServiceHandlerServer is as protoc-gen-grpc-gateway makes it.
func RegisterOrderServiceHandlerServer(ctx context.Context, mux *runtime.ServeMux, server pb.OrderServiceServer) error {
	return mux.HandlePath(http.MethodGet, "/v1/orders/{name}", func(w http.ResponseWriter, req *http.Request, params map[string]string) {
		_, outbound := runtime.MarshalerForRequest(mux, req)
		reply, err := server.GetOrder(req.Context(), &pb.GetOrderRequest{Name: params["name"]})
		if err != nil {
			runtime.HTTPError(req.Context(), mux, outbound, w, req, err)
			return
		}
		runtime.ForwardResponseMessage(req.Context(), mux, outbound, w, req, reply)
	})
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

// The registrations of all services, one after the other.
func serveAll(ctx context.Context, opts []grpc.DialOption) (http.Handler, error) {
	mux := runtime.NewServeMux(runtime.WithErrorHandler(runtime.DefaultHTTPErrorHandler))
	for _, register := range []func(context.Context, *runtime.ServeMux, string, []grpc.DialOption) error{
		RegisterOrderServiceHandlerFromEndpoint,
	} {
		if err := register(ctx, mux, "localhost:9090", opts); err != nil {
			return nil, err
		}
	}
	return mux, nil
}

// A gateway in the process of the server.
func serveInProcess(ctx context.Context, s pb.OrderServiceServer) error {
	mux := runtime.NewServeMux()
	if err := RegisterOrderServiceHandlerServer(ctx, mux, s); err != nil {
		return err
	}
	return (&http.Server{Addr: ":8080", Handler: mux, ReadHeaderTimeout: time.Second}).ListenAndServe()
}

// A gateway on a connection that others close.
func serveConn(ctx context.Context) (err error) {
	conn, err := grpc.NewClient("localhost:9090", grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	defer conn.Close()
	mux := runtime.NewServeMux()
	if err := RegisterOrderServiceHandler(ctx, mux, conn); err != nil {
		return err
	}
	return (&http.Server{Addr: ":8080", Handler: mux, ReadHeaderTimeout: time.Second}).ListenAndServe()
}

// Until the server is there.
func serveLate(ctx context.Context, mux *runtime.ServeMux, opts []grpc.DialOption) error {
	for {
		err := RegisterOrderServiceHandlerFromEndpoint(ctx, mux, "localhost:9090", opts)
		if err == nil {
			return nil
		}
		select {
		case <-time.After(time.Second):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
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
