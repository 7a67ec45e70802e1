// Package ignoredoption gives grpc.NewClient options of grpc.Dial.
package ignoredoption

import (
	"context"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"example.com/testdata/conn/ignoredoption/opts"
)

// Bad.

func direct(addr string) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr, grpc.WithTransportCredentials(insecure.NewCredentials()), grpc.WithBlock()) // want `grpc.NewClient ignores grpc.WithBlock: it does not wait for the connection \[conn/ignored-option\]`
}

func first(addr string) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr, grpc.FailOnNonTempDialError(true), grpc.WithTransportCredentials(insecure.NewCredentials())) // want `grpc.NewClient ignores grpc.FailOnNonTempDialError`
}

func lines(addr string) (*grpc.ClientConn, error) {
	return grpc.NewClient(
		addr,
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithBlock(),                 // want `grpc.NewClient ignores grpc.WithBlock`
		grpc.WithTimeout(5*time.Second),  // want `grpc.NewClient ignores grpc.WithTimeout: nothing is bounded by it`
		grpc.WithReturnConnectionError(), // want `grpc.NewClient ignores grpc.WithReturnConnectionError`
	)
}

// comment belongs to what stays: no fix.
func comment(addr string) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr,
		grpc.WithTransportCredentials(insecure.NewCredentials()), // the mesh encrypts
		grpc.WithBlock()) // want `grpc.NewClient ignores grpc.WithBlock`
}

func literal(addr string) (*grpc.ClientConn, error) {
	opts := []grpc.DialOption{
		grpc.WithBlock(), // want `grpc.NewClient ignores grpc.WithBlock`
		grpc.WithTransportCredentials(insecure.NewCredentials()),
	}
	return grpc.NewClient(addr, opts...)
}

func appended(addr string, wait bool) (*grpc.ClientConn, error) {
	opts := []grpc.DialOption{grpc.WithTransportCredentials(insecure.NewCredentials())}
	if wait {
		opts = append(opts, grpc.WithBlock()) // want `grpc.NewClient ignores grpc.WithBlock`
	}
	opts = append(opts, grpc.WithUserAgent("x"), grpc.WithReturnConnectionError()) // want `grpc.NewClient ignores grpc.WithReturnConnectionError`
	return grpc.NewClient(addr, opts...)
}

// variable would be unused without the option: no fix.
func variable(addr string) (*grpc.ClientConn, error) {
	timeout := time.Second
	return grpc.NewClient(addr, grpc.WithTransportCredentials(insecure.NewCredentials()), grpc.WithTimeout(timeout)) // want `grpc.NewClient ignores grpc.WithTimeout`
}

// twice gets one option for two connections: one finding.
func twice(a, b string) (*grpc.ClientConn, *grpc.ClientConn) {
	block := grpc.WithBlock() // want `grpc.NewClient ignores grpc.WithBlock`
	x, _ := grpc.NewClient(a, grpc.WithTransportCredentials(insecure.NewCredentials()), block)
	y, _ := grpc.NewClient(b, grpc.WithTransportCredentials(insecure.NewCredentials()), block)
	return x, y
}

func ofHelperElsewhere(addr string) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr, opts.Defaults()...) // want `grpc.NewClient ignores grpc.WithBlock`
}

func oneOfHelperElsewhere(addr string) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr, opts.Secure(opts.Wait())...) // want `grpc.NewClient ignores grpc.WithReturnConnectionError`
}

func ofHelper(addr string) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr, defaults()...) // related `given to grpc.NewClient here`
}

func defaults() []grpc.DialOption {
	return []grpc.DialOption{grpc.WithInsecure(), grpc.WithBlock()} // want `grpc.NewClient ignores grpc.WithBlock`
}

func passedOn(addr string) (*grpc.ClientConn, error) {
	return dial(addr, grpc.WithBlock()) // want `grpc.NewClient ignores grpc.WithBlock`
}

func dial(addr string, opts ...grpc.DialOption) (*grpc.ClientConn, error) {
	all := []grpc.DialOption{grpc.WithTransportCredentials(insecure.NewCredentials())}
	return grpc.NewClient(addr, append(all, opts...)...)
}

func passedOnElsewhere(addr string) (*grpc.ClientConn, error) {
	return opts.Dial(addr, grpc.WithBlock()) // want `grpc.NewClient ignores grpc.WithBlock`
}

func passedOnTwice(addr string) (*grpc.ClientConn, error) {
	return opts.DialAgain(addr, grpc.WithBlock()) // want `grpc.NewClient ignores grpc.WithBlock`
}

var global = []grpc.DialOption{grpc.WithInsecure(), grpc.WithBlock()} // want `grpc.NewClient ignores grpc.WithBlock`

func ofVariable(addr string) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr, global...) // related `given to grpc.NewClient here`
}

// both uses the options for grpc.Dial too, which heeds them: no fix.
func both(ctx context.Context, addr string) error {
	opts := []grpc.DialOption{
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithBlock(), // related `grpc.WithBlock comes from here`
	}
	a, err := grpc.DialContext(ctx, addr, opts...) // want `deprecated-dial`
	if err != nil {
		return err
	}
	defer a.Close()
	b, err := grpc.NewClient(addr, opts...) // want `grpc.NewClient ignores grpc.WithBlock`
	if err != nil {
		return err
	}
	return b.Close()
}

// Silent.

func right(addr string) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr, grpc.WithTransportCredentials(insecure.NewCredentials()), grpc.WithUserAgent("x"))
}

func forDial(ctx context.Context, addr string) (*grpc.ClientConn, error) {
	return grpc.DialContext(ctx, addr, grpc.WithTransportCredentials(insecure.NewCredentials()), grpc.WithBlock()) // want `deprecated-dial`
}

// unknown gets its options from outside.
func unknown(addr string, opts []grpc.DialOption) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr, opts...)
}

type config struct{ opts []grpc.DialOption }

func ofField(addr string, c config) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr, c.opts...)
}

// other builds options that go elsewhere.
func other(use func(...grpc.DialOption)) {
	use(grpc.WithBlock())
}

// perCallOptions are no dial options.
func perCallOptions(addr string) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr, grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.WaitForReady(true)))
}

func rightHelper(addr string) (*grpc.ClientConn, error) {
	return opts.Dial(addr, grpc.WithUserAgent("x"))
}

// changed is what two statements make of it.
var changed []grpc.DialOption

func init() {
	changed = append(changed, grpc.WithBlock()) // want `grpc.NewClient ignores grpc.WithBlock`
	changed = append(changed, grpc.WithInsecure())
}

func ofChanged(addr string) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr, changed...) // related `given to grpc.NewClient here`
}

// Changing can be written to by everybody.
var Changing = []grpc.DialOption{grpc.WithBlock()}

func ofChanging(addr string) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr, Changing...)
}
