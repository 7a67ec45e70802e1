package duplicateinterceptor

import (
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"example.com/testdata/server/duplicateinterceptor/chain"
)

// What follows is right, or not known to be wrong.

func chains() *grpc.Server {
	return grpc.NewServer(grpc.ChainUnaryInterceptor(unary), grpc.ChainUnaryInterceptor(unary))
}

func oneAndChain() *grpc.Server {
	return grpc.NewServer(grpc.UnaryInterceptor(unary), grpc.ChainUnaryInterceptor(unary), grpc.StreamInterceptor(stream))
}

func alternatives(trace bool) *grpc.Server {
	var opts []grpc.ServerOption
	if trace {
		opts = append(opts, grpc.UnaryInterceptor(unary))
	} else {
		opts = append(opts, grpc.UnaryInterceptor(unary))
	}
	return grpc.NewServer(opts...)
}

func two() (a, b *grpc.Server) {
	return grpc.NewServer(grpc.UnaryInterceptor(unary)), grpc.NewServer(grpc.UnaryInterceptor(unary))
}

func chosen(trace bool) *grpc.Server {
	opt := grpc.UnaryInterceptor(unary)
	if trace {
		opt = grpc.UnaryInterceptor(unary)
	}
	return grpc.NewServer(opt)
}

func given(opts ...grpc.ServerOption) *grpc.Server {
	return grpc.NewServer(append(opts, grpc.UnaryInterceptor(unary))...)
}

func replaced() *grpc.Server {
	opts := defaults()
	opts[0] = grpc.UnaryInterceptor(unary)
	return grpc.NewServer(opts...)
}

func other() *grpc.Server {
	return grpc.NewServer(append(chain.Chained(), grpc.UnaryInterceptor(unary))...)
}

func connectChained() (*grpc.ClientConn, error) {
	return grpc.NewClient("dns:///orders:443", grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithUnaryInterceptor(client), grpc.WithChainUnaryInterceptor(client))
}
