package uncheckedindex

import (
	"context"

	"google.golang.org/grpc/metadata"

	"example.com/testdata/metadata/uncheckedindex/header"
)

// One mistake in the shapes that people write it in.

func received(ctx context.Context) metadata.MD {
	md, _ := metadata.FromIncomingContext(ctx)
	return md
}

func byHelper(ctx context.Context) string {
	return received(ctx).Get("by-helper")[0] // want `a client that does not send "by-helper" causes a panic`
}

func byLiteral(ctx context.Context) string {
	values := func() []string { return received(ctx)["by-literal"] }
	return values()[0] // want `causes a panic`
}

func calledAtOnce(ctx context.Context) string {
	return func() []string { return received(ctx)["at-once"] }()[0] // want `causes a panic`
}

type reader struct {
	values func(context.Context) []string
}

func newReader() *reader {
	return &reader{values: func(ctx context.Context) []string { return metadata.ValueFromIncomingContext(ctx, "by-field") }}
}

func (r *reader) read(ctx context.Context) string {
	return r.values(ctx)[0] // want `causes a panic`
}

func byVariable(ctx context.Context) string {
	get := received
	return get(ctx)["by-variable"][0] // want `a client that does not send "by-variable" causes a panic`
}

type source struct{ key string }

func (s source) values(ctx context.Context) []string { return received(ctx).Get(s.key) }

func byMethod(ctx context.Context) string {
	return source{"by-method"}.values(ctx)[0] // want `causes a panic`
}

func byBoundMethod(ctx context.Context) string {
	values := source{"bound"}.values
	return values(ctx)[0] // want `causes a panic`
}

func run[T any](f func() T) T { return f() }

func byCallback(ctx context.Context) string {
	return run(func() []string { return received(ctx)["by-callback"] })[0] // want `causes a panic`
}

func byGenericHelper(ctx context.Context) string {
	return run(func() string { return received(ctx)["generic"][0] }) // want `a client that does not send "generic" causes a panic`
}

type lister interface {
	list(context.Context) []string
}

type headers struct{}

func (headers) list(ctx context.Context) []string { return received(ctx)["by-interface"] }

func byInterface(ctx context.Context) string {
	var l lister = headers{}
	return l.list(ctx)[0] // want `causes a panic`
}

// In places.

type request struct{ md metadata.MD }

func inField(ctx context.Context) string {
	r := request{md: received(ctx)}
	return r.md["in-field"][0] // want `a client that does not send "in-field" causes a panic`
}

func inPointedField(ctx context.Context) string { return (&request{md: received(ctx)}).first() }

func (r *request) first() string {
	return r.md["in-pointed-field"][0] // want `a client that does not send "in-pointed-field" causes a panic`
}

func inElement(ctx context.Context) string {
	for _, md := range []metadata.MD{received(ctx)} {
		return md["in-element"][0] // want `a client that does not send "in-element" causes a panic`
	}
	return ""
}

func inMap(ctx context.Context) string {
	all := map[string]metadata.MD{"now": received(ctx)}
	return all["now"]["in-map"][0] // want `a client that does not send "in-map" causes a panic`
}

func inNamedResult(ctx context.Context) (values []string, err error) {
	defer func() { recover() }()
	values = received(ctx)["in-result"]
	return values, nil
}

func ofNamedResult(ctx context.Context) string {
	values, err := inNamedResult(ctx)
	if err != nil {
		return ""
	}
	return values[0] // want `causes a panic`
}

func behindPointer(ctx context.Context) string {
	var md metadata.MD
	fill(ctx, &md)
	return md["behind-pointer"][0] // want `a client that does not send "behind-pointer" causes a panic`
}

func fill(ctx context.Context, md *metadata.MD) { *md, _ = metadata.FromIncomingContext(ctx) }

// Silent.

func checkedByCaller(ctx context.Context) string {
	values := received(ctx)["checked-by-caller"]
	if len(values) == 0 {
		return ""
	}
	return firstOf(values)
}

func firstOf(values []string) string { return values[0] }

func checkedKeyByCaller(ctx context.Context) string {
	md := received(ctx)
	if len(md["key"]) == 0 {
		return ""
	}
	return keyOf(md)
}

func keyOf(md metadata.MD) string { return md["key"][0] }

type checked struct{ values []string }

// newChecked looks before it keeps them.
func newChecked(ctx context.Context) *checked {
	values := received(ctx)["kept"]
	if len(values) == 0 {
		return nil
	}
	return &checked{values: values}
}

func (c *checked) first() string { return c.values[0] }

type counted struct{ values []string }

func newCounted(ctx context.Context) *counted { return &counted{values: received(ctx)["counted"]} }

func (c *counted) valid() bool { return len(c.values) > 0 }

func (c *counted) first() string { return c.values[0] }

// Open is set by others, too.
type Open struct{ MD metadata.MD }

func newOpen(ctx context.Context) *Open { return &Open{MD: received(ctx)} }

func (o *Open) first() string { return o.MD["open"][0] }

// ownOrTheirs may be what this program has put together.
func ownOrTheirs(ctx context.Context, own bool) string {
	md := received(ctx)
	if own {
		md = metadata.Pairs("own", "1")
	}
	return md["own"][0]
}

func checkedInLiteral(ctx context.Context) string {
	md := received(ctx)
	has := func() bool { return len(md["literal"]) > 0 }
	if !has() {
		return ""
	}
	return md["literal"][0]
}

func valuesOf(md metadata.MD, key string) []string { return md.Get(key) }

func byKey(ctx context.Context) string {
	md, _ := metadata.FromIncomingContext(ctx)
	return valuesOf(md, "by-key")[0] // want `a client that does not send "by-key" causes a panic`
}

func checkedThroughHelper(ctx context.Context) string {
	md, _ := metadata.FromIncomingContext(ctx)
	if len(valuesOf(md, "twice")) == 0 || len(md.Get("direct")) == 0 {
		return ""
	}
	return valuesOf(md, "twice")[0] + valuesOf(md, "direct")[0]
}

func ofContext(ctx context.Context, key string) []string {
	md, _ := metadata.FromIncomingContext(ctx)
	return md[key]
}

func checkedOfContext(ctx context.Context) string {
	if len(ofContext(ctx, "a")) == 0 || len(metadata.ValueFromIncomingContext(ctx, "b")) == 0 {
		return ""
	}
	return ofContext(ctx, "a")[0] + ofContext(ctx, "b")[0]
}

func otherOfContext(ctx context.Context) string {
	if len(ofContext(ctx, "a")) == 0 {
		return ""
	}
	return ofContext(ctx, "c")[0] // want `a client that does not send "c" causes a panic`
}

func setThroughHelper(ctx context.Context) string {
	md, _ := metadata.FromIncomingContext(ctx)
	md.Set("set", "1")
	return valuesOf(md, "set")[0]
}

func ofKeyElsewhere(ctx context.Context) string {
	md := received(ctx)
	return header.Of(md, "of-key")[0] // want `a client that does not send "of-key" causes a panic`
}

func tokensElsewhere(ctx context.Context) string {
	md := received(ctx)
	if len(md.Get("other")) == 0 {
		return ""
	}
	return header.Tokens(md)[0] // want `a client that does not send "token" causes a panic`
}

// What follows looks before.

func tokensChecked(ctx context.Context) string {
	md := received(ctx)
	if len(md.Get("token")) == 0 {
		return header.TokensOr(md)[0]
	}
	return header.Tokens(md)[0]
}

func checkedElsewhere(ctx context.Context) (string, error) {
	if err := checkHeader(ctx); err != nil {
		return "", err
	}
	return header.Incoming(ctx).Get("token")[0], nil
}

func checkHeader(ctx context.Context) error { return check(header.Incoming(ctx)) }

// listed: the values of a loop's key.
func listed(ctx context.Context) (all []string) {
	md := received(ctx)
	for k := range md {
		for _, values := range [][]string{md.Get(k)} {
			all = append(all, values[0])
		}
	}
	return all
}

// checkedAround: a literal is made after a look.
func checkedAround(ctx context.Context) func() string {
	tenants := received(ctx).Get("tenant")
	if len(tenants) == 0 {
		return nil
	}
	return func() string { return tenants[0] }
}

func uncheckedAround(ctx context.Context) func() string {
	tenants := received(ctx).Get("tenant")
	read := func() string { return tenants[0] } // want `causes a panic`
	if len(tenants) == 0 {
		return nil
	}
	return read
}
