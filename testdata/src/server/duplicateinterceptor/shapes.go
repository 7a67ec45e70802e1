package duplicateinterceptor

import (
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"example.com/testdata/server/duplicateinterceptor/chain"
)

// What follows gives the two in other ways.

func toHelper() *grpc.Server {
	return chain.New(grpc.UnaryInterceptor(unary), grpc.UnaryInterceptor(unary)) // want `grpc.NewServer panics: it gets a second unary interceptor`
}

func toHelperOfConnections() (*grpc.ClientConn, error) {
	return chain.Dial("dns:///orders:443", grpc.WithTransportCredentials(insecure.NewCredentials()), grpc.WithUnaryInterceptor(client), grpc.WithUnaryInterceptor(client)) // want warning `the first unary interceptor never runs`
}

func toNobodyKnown(serve func(...grpc.ServerOption)) {
	serve(grpc.UnaryInterceptor(unary), grpc.UnaryInterceptor(unary)) // want `it gets a second unary interceptor`
}

func returned() []grpc.ServerOption {
	return []grpc.ServerOption{grpc.UnaryInterceptor(unary), grpc.UnaryInterceptor(unary)} // want `it gets a second unary interceptor`
}

func inConfig() chain.Config {
	return chain.Config{Options: []grpc.ServerOption{grpc.UnaryInterceptor(unary), grpc.UnaryInterceptor(unary)}} // want `it gets a second unary interceptor`
}

// A settings holds options until there is a server.
type settings struct{ opts []grpc.ServerOption }

func field() *grpc.Server {
	s := settings{}
	s.opts = append(s.opts, grpc.UnaryInterceptor(unary))
	s.opts = append(s.opts, grpc.UnaryInterceptor(unary)) // want `it gets a second unary interceptor`
	return grpc.NewServer(s.opts...)
}

func (s *settings) tracing() { s.opts = append(s.opts, grpc.StreamInterceptor(stream)) }

func (s *settings) serve() *grpc.Server {
	return grpc.NewServer(append(s.opts, grpc.StreamInterceptor(stream))...) // want `it gets a second stream interceptor`
}

type config struct{ opts []grpc.ServerOption }

// An option changes a config.
type option func(*config)

func with(o grpc.ServerOption) option { return func(c *config) { c.opts = append(c.opts, o) } }

func build(options ...option) *grpc.Server {
	c := config{}
	for _, o := range options {
		o(&c)
	}
	return grpc.NewServer(append(c.opts, grpc.UnaryInterceptor(unary))...) // want `it gets a second unary interceptor`
}

func built() *grpc.Server { return build(with(grpc.UnaryInterceptor(unary))) }

func inLoop(names []string) *grpc.Server {
	opts := []grpc.ServerOption{grpc.UnaryInterceptor(unary)}
	for range names {
		opts = append(opts, grpc.UnaryInterceptor(unary)) // want `it gets a second unary interceptor`
	}
	return grpc.NewServer(opts...)
}

func byLiteral() *grpc.Server {
	opts := []grpc.ServerOption{grpc.UnaryInterceptor(unary)}
	add := func(o grpc.ServerOption) { opts = append(opts, o) }
	add(grpc.MaxRecvMsgSize(1 << 20))
	return grpc.NewServer(append(opts, grpc.UnaryInterceptor(unary))...) // want `it gets a second unary interceptor`
}

func wrapped(opts ...grpc.ServerOption) *grpc.Server { return grpc.NewServer(opts...) }

func byWrapper() *grpc.Server {
	return wrapped(append(defaults(), grpc.UnaryInterceptor(unary))...) // want `it gets a second unary interceptor`
}

// adding puts one in front of what its callers pass.
func adding(opts ...grpc.ServerOption) *grpc.Server {
	return grpc.NewServer(append([]grpc.ServerOption{grpc.StreamInterceptor(stream)}, opts...)...)
}

func added() *grpc.Server {
	return adding(grpc.StreamInterceptor(stream)) // want `it gets a second stream interceptor`
}

// Silent.

// Two callers pass one each.
func once(opts ...grpc.ServerOption) *grpc.Server { return grpc.NewServer(opts...) }

func onceOne() *grpc.Server { return once(grpc.UnaryInterceptor(unary)) }

func onceMore() *grpc.Server { return once(grpc.UnaryInterceptor(unary)) }

type choice struct{ opts []grpc.ServerOption }

// One of two, in a field.
func eitherInField(trace bool) *grpc.Server {
	c := choice{}
	if trace {
		c.opts = append(c.opts, grpc.UnaryInterceptor(unary))
	} else {
		c.opts = append(c.opts, grpc.UnaryInterceptor(unary))
	}
	return grpc.NewServer(c.opts...)
}

// afresh begins anew.
func afresh() *grpc.Server {
	c := choice{opts: []grpc.ServerOption{grpc.StreamInterceptor(stream)}}
	c.opts = []grpc.ServerOption{grpc.StreamInterceptor(stream)}
	return grpc.NewServer(c.opts...)
}

// replacedOne stores one in the place of the other.
func replacedOne() *grpc.Server {
	opts := []grpc.ServerOption{grpc.UnaryInterceptor(unary), grpc.UnaryInterceptor(unary)}
	opts[1] = grpc.MaxRecvMsgSize(1 << 20)
	return grpc.NewServer(opts...)
}

func cut() *grpc.Server {
	opts := []grpc.ServerOption{grpc.UnaryInterceptor(unary)}
	return grpc.NewServer(append(opts[:0], grpc.UnaryInterceptor(unary))...)
}

// chosenInMap has one of several.
func chosenInMap(name string) *grpc.Server {
	all := map[string]grpc.ServerOption{"a": grpc.UnaryInterceptor(unary), "b": grpc.UnaryInterceptor(unary)}
	return grpc.NewServer(all[name])
}

func connected() (*grpc.ClientConn, error) {
	return chain.Dial("dns:///orders:443", grpc.WithTransportCredentials(insecure.NewCredentials()), grpc.WithUnaryInterceptor(client))
}
