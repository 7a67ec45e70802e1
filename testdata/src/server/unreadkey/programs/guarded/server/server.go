// Package server puts the handler behind the interceptor.
package server

import (
	"google.golang.org/grpc"

	"example.com/testdata/server/unreadkey/generic"
	"example.com/testdata/server/unreadkey/programs/guarded/handler"
	"example.com/testdata/stubs/orderpb"
)

// New returns the server.
func New(db handler.DB) *grpc.Server {
	s := grpc.NewServer(grpc.ChainUnaryInterceptor(generic.Once()))
	orderpb.RegisterOrderServiceServer(s, &handler.Server{DB: db})
	return s
}
