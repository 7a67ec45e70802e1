package nocredentials

import (
	"slices"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

// A client dials when it is told to.
type client struct {
	opts []grpc.DialOption
	call []grpc.CallOption
}

func newClient() *client { return &client{opts: []grpc.DialOption{grpc.WithUserAgent("x")}} }

func (c *client) dial(addr string) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr, c.opts...) // want `grpc.NewClient always fails here`
}

func byPointer(addr string) (*grpc.ClientConn, error) {
	opts := []grpc.DialOption{grpc.WithUserAgent("x")}
	add(&opts)
	return grpc.NewClient(addr, opts...) // want `grpc.NewClient always fails here`
}

func add(opts *[]grpc.DialOption) { *opts = append(*opts, grpc.WithAuthority("y")) }

type settings struct{ opts []grpc.DialOption }

// A setting changes the settings.
type setting func(*settings)

func withAgent(name string) setting {
	return func(s *settings) { s.opts = append(s.opts, grpc.WithUserAgent(name)) }
}

func bySettings(addr string, given ...setting) (*grpc.ClientConn, error) {
	s := &settings{}
	for _, set := range given {
		set(s)
	}
	return grpc.NewClient(addr, s.opts...) // want `grpc.NewClient always fails here`
}

func byFunction(addr string) (*grpc.ClientConn, error) {
	options := func() []grpc.DialOption { return []grpc.DialOption{grpc.WithUserAgent("x")} }
	return grpc.NewClient(addr, options()...) // want `grpc.NewClient always fails here`
}

// through gets all its options from its callers, who give none that helps.
func through(addr string, opts ...grpc.DialOption) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr, opts...) // want `grpc.NewClient always fails here`
}

func one(addr string) (*grpc.ClientConn, error) { return through(addr, grpc.WithUserAgent("x")) }

func another(addr string) (*grpc.ClientConn, error) { return through(addr) }

func named() (opts []grpc.DialOption, err error) {
	defer func() { recover() }()
	opts = append(opts, grpc.WithUserAgent("x"))
	return opts, nil
}

func byName(addr string) (*grpc.ClientConn, error) {
	opts, err := named()
	if err != nil {
		return nil, err
	}
	return grpc.NewClient(addr, opts...) // want `grpc.NewClient always fails here`
}

func together(addr string, first []string) (*grpc.ClientConn, error) {
	var opts []grpc.DialOption
	for _, name := range first {
		opts = append(opts, grpc.WithUserAgent(name))
	}
	return grpc.NewClient(addr, slices.Concat(opts, []grpc.DialOption{grpc.WithAuthority("y")})...) // want `grpc.NewClient always fails here`
}

func byMap(addr, name string) (*grpc.ClientConn, error) {
	agents := map[string]grpc.DialOption{"a": grpc.WithUserAgent("a"), "b": grpc.WithUserAgent("b")}
	return grpc.NewClient(addr, agents[name]) // want `grpc.NewClient always fails here`
}

// dialer is what one type implements.
type opener interface{ options() []grpc.DialOption }

type plainOpener struct{}

func (plainOpener) options() []grpc.DialOption { return nil }

func byInterface(addr string) (*grpc.ClientConn, error) {
	var o opener = plainOpener{}
	return grpc.NewClient(addr, o.options()...) // want `grpc.NewClient always fails here`
}

func byBoundMethod(addr string) (*grpc.ClientConn, error) {
	options := plainOpener{}.options
	return grpc.NewClient(addr, options()...) // want `grpc.NewClient always fails here`
}

// Silent.

// Shared can be written to by everybody.
type Shared struct{ Opts []grpc.DialOption }

func newShared() *Shared { return &Shared{Opts: []grpc.DialOption{grpc.WithUserAgent("x")}} }

func (s *Shared) dial(addr string) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr, s.Opts...)
}

// WithOption lets everybody bring one.
func WithOption(o grpc.DialOption) func(*opened) {
	return func(s *opened) { s.opts = append(s.opts, o) }
}

type opened struct{ opts []grpc.DialOption }

func byEverybody(addr string, given ...func(*opened)) (*grpc.ClientConn, error) {
	s := &opened{}
	for _, set := range given {
		set(s)
	}
	return grpc.NewClient(addr, s.opts...)
}

// AddOptions is called by others.
func (o *adds) AddOptions(opts ...grpc.DialOption) { o.opts = append(o.opts, opts...) }

type adds struct{ opts []grpc.DialOption }

func (o *adds) dial(addr string) (*grpc.ClientConn, error) { return grpc.NewClient(addr, o.opts...) }

// sometimes gets what helps from one of its callers.
func sometimes(addr string, opts ...grpc.DialOption) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr, opts...)
}

func withCredentials(addr string) (*grpc.ClientConn, error) {
	return sometimes(addr, grpc.WithTransportCredentials(insecure.NewCredentials()))
}

func without(addr string) (*grpc.ClientConn, error) { return sometimes(addr, grpc.WithUserAgent("x")) }

type late struct{ opts []grpc.DialOption }

func (l *late) secure() {
	l.opts = append(l.opts, grpc.WithTransportCredentials(insecure.NewCredentials()))
}

func (l *late) dial(addr string) (*grpc.ClientConn, error) {
	l.opts = append(l.opts, grpc.WithUserAgent("x"))
	return grpc.NewClient(addr, l.opts...)
}

// filled hands the address of its options to somebody.
func filled(addr string, fill func(*[]grpc.DialOption)) (*grpc.ClientConn, error) {
	var opts []grpc.DialOption
	opts = append(opts, grpc.WithUserAgent("x"))
	fill(&opts)
	return grpc.NewClient(addr, opts...)
}

func replacedElement(addr string) (*grpc.ClientConn, error) {
	opts := []grpc.DialOption{grpc.WithUserAgent("x")}
	opts[0] = grpc.WithTransportCredentials(insecure.NewCredentials())
	return grpc.NewClient(addr, opts...)
}

// plain is insecure only if somebody says so, and then wants no token.
func plain(addr string, secure bool) (*grpc.ClientConn, error) {
	s := unsure{}
	if !secure {
		s.opts = []grpc.DialOption{grpc.WithTransportCredentials(insecure.NewCredentials())}
	}
	return grpc.NewClient(addr, append(s.opts, grpc.WithPerRPCCredentials(token("x")))...)
}

type unsure struct{ opts []grpc.DialOption }

// dialWith gets its options from a function, those of all callers.
func dialWith(addr string, options func() []grpc.DialOption) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr, options()...) // want `grpc.NewClient always fails here: no option sets transport credentials`
}

func byLiteral(addr string) (*grpc.ClientConn, error) {
	return dialWith(addr, func() []grpc.DialOption { return []grpc.DialOption{grpc.WithUserAgent("x")} })
}

// handsOn gets its options from a function that is handed on.
func handsOn(addr string, options func() []grpc.DialOption) (*grpc.ClientConn, error) {
	return dialsLast(addr, options)
}

func dialsLast(addr string, options func() []grpc.DialOption) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr, options()...) // want `grpc.NewClient always fails here: no option sets transport credentials`
}

func byMethodHandedOn(addr string) (*grpc.ClientConn, error) {
	return handsOn(addr, plainOpener{}.options)
}

func handsAnyOn(addr string, options func() []grpc.DialOption) (*grpc.ClientConn, error) {
	return dialsAnyLast(addr, options)
}

func dialsAnyLast(addr string, options func() []grpc.DialOption) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr, options()...)
}

func byMethodOrAny(addr string) (*grpc.ClientConn, error) {
	return handsAnyOn(addr, plainOpener{}.options)
}

// ByAnyHandedOn may get credentials.
func ByAnyHandedOn(addr string, options func() []grpc.DialOption) (*grpc.ClientConn, error) {
	return handsAnyOn(addr, options)
}

func dialWithAny(addr string, options func() []grpc.DialOption) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr, options()...)
}

func byOneLiteral(addr string) (*grpc.ClientConn, error) {
	return dialWithAny(addr, func() []grpc.DialOption { return []grpc.DialOption{grpc.WithUserAgent("x")} })
}

// ByAny may get credentials.
func ByAny(addr string, options func() []grpc.DialOption) (*grpc.ClientConn, error) {
	return dialWithAny(addr, options)
}
