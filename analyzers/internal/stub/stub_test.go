package stub_test

import (
	"go/types"
	"maps"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/bufbuild/protocompile"
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"

	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/internal/cache"
	"github.com/grpclint/grpclint/internal/load"
	"github.com/grpclint/grpclint/protocheck/method"
	"github.com/grpclint/grpclint/protocheck/method/describe"
)

// A generated package of the test data, analysed.
type generated struct {
	path  string
	types *types.Package
	index *stub.Index
	fact  *stub.Fact
}

// analyse analyses packages of testdata/src.
func analyse(t *testing.T, patterns ...string) []generated {
	t.Helper()
	return analyseWith(t, nil, patterns...)
}

// analyseWith does so as if there were more files, whose paths are relative.
func analyseWith(t *testing.T, files map[string]string, patterns ...string) []generated {
	t.Helper()
	dir, err := filepath.Abs("../../../testdata/src")
	if err != nil {
		t.Fatal(err)
	}
	overlay := make(map[string][]byte)
	for name, text := range files {
		overlay[filepath.Join(dir, filepath.FromSlash(name))] = []byte(text)
	}
	program := load.Load(load.Config{Dir: dir, Cache: cache.User(), Env: append(os.Environ(), "GOWORK=off"), Patterns: patterns, Overlay: overlay})
	for _, e := range program.Errors {
		t.Fatal(e)
	}
	graph, err := checker.Analyze([]*analysis.Analyzer{stub.Analyzer}, program.Roots, nil)
	if err != nil {
		t.Fatal(err)
	}
	var found []generated
	for _, action := range graph.Roots {
		if action.Err != nil {
			t.Fatal(action.Err)
		}
		fact := new(stub.Fact)
		if action.PackageFact(action.Package.Types, fact) {
			found = append(found, generated{action.Package.PkgPath, action.Package.Types, action.Result.(*stub.Index), fact})
		}
	}
	if len(found) == 0 {
		t.Fatal("no package has stubs")
	}
	return found
}

// Stubs of every age tell the same of their methods.
func TestVerdict(t *testing.T) {
	want := map[string]method.Class{
		"/example.order.v1.OrderService/GetOrder":          method.Safe,
		"/example.order.v1.OrderService/ListOrders":        method.Safe,
		"/example.order.v1.OrderService/CreateOrder":       method.Token,
		"/example.order.v1.OrderService/UpdateOrder":       method.Conditional,
		"/example.order.v1.OrderService/DeleteOrder":       method.Declared,
		"/example.order.v1.OrderService/WatchOrders":       method.Safe,
		"/example.order.v1.OrderService/UploadOrders":      method.Mutating,
		"/example.order.v1.OrderService/Chat":              method.Unknown,
		"/example.pay.v1.PaymentService/Charge":            method.Mutating,
		"/example.pay.v1.PaymentService/Refund":            method.Token,
		"/example.pay.v1.PaymentService/GetPayment":        method.Safe,
		"/example.pay.v1.PaymentService/ListPayments":      method.Safe,
		"/example.pay.v1.PaymentService/SetLimit":          method.Declared,
		"/example.pay.v1.PaymentService/UpdateAccount":     method.Conditional,
		"/example.pay.v1.PaymentService/DeleteAccount":     method.Natural,
		"/example.pay.v1.PaymentService/GetAccount":        method.Safe,
		"/example.pay.v1.PaymentService/WatchPayments":     method.Safe,
		"/example.pay.v1.PaymentService/ImportPayments":    method.Mutating,
		"/example.pay.v1.PaymentService/Settle":            method.Unknown,
		"/example.grpc12.v1.Grpc12Service/Get":             method.Safe,
		"/example.grpc12.v1.Grpc12Service/Watch":           method.Safe,
		"/example.grpc13.v1.Grpc13Service/Get":             method.Safe,
		"/example.grpc13.v1.Grpc13Service/Watch":           method.Safe,
		"/example.plugin.v1.PluginService/Get":             method.Safe,
		"/example.plugin.v1.PluginService/Watch":           method.Safe,
		"/example.gogo.v1.GogoService/Get":                 method.Safe,
		"/example.gogo.v1.GogoService/Watch":               method.Safe,
		"/shop.order.v1.OrderService/PlaceOrder":           method.Token,
		"/shop.order.v1.OrderService/GetOrder":             method.Safe,
		"/shop.order.v1.OrderService/ListOrders":           method.Safe,
		"/shop.order.v1.OrderService/CancelOrder":          method.Conditional,
		"/shop.order.v1.OrderService/WatchOrder":           method.Safe,
		"/shop.payment.v1.PaymentService/Charge":           method.Token,
		"/shop.payment.v1.PaymentService/Refund":           method.Token,
		"/shop.payment.v1.PaymentService/GetPayment":       method.Safe,
		"/shop.ledger.v1.LedgerService/AppendEntry":        method.Token,
		"/shop.ledger.v1.LedgerService/AnnotateEntry":      method.Declared,
		"/shop.warehouse.v1.WarehouseService/ListStock":    method.Safe,
		"/shop.warehouse.v1.WarehouseService/ReserveStock": method.Declared,
		"/shop.warehouse.v1.WarehouseService/ReleaseStock": method.Declared,
	}
	seen := make(map[string]bool)
	for _, g := range analyse(t, "./stubs/...", "./shop/gen/...") {
		for _, m := range slices.Concat(g.fact.Told().Client, g.fact.Told().Server) {
			seen[m.FullMethod] = true
			class, ok := want[m.FullMethod]
			if !ok {
				continue
			}
			v := g.index.Verdict(&m)
			if v.Class != class {
				t.Errorf("%s is %s: %s; want %s", m.FullMethod, v.Class, strings.Join(v.Reasons, "; "), class)
			}
			if strings.HasSuffix(m.FullMethod, "/Get") && (!slices.Equal(v.Tokens, []string{"request_id"}) ||
				g.index.Description(&m).Level != method.NoSideEffects) {
				t.Errorf("%s: %+v of %+v, want what only the descriptor tells", m.FullMethod, v, g.index.Description(&m))
			}
			for _, path := range slices.Concat(v.Tokens, v.Etags) {
				if g.index.RequestField(&m, path) == nil {
					t.Errorf("%s: no Go name of %s", m.FullMethod, path)
				}
			}
		}
	}
	for name := range want {
		if !seen[name] {
			t.Errorf("no method %s", name)
		}
	}
}

func TestRequestField(t *testing.T) {
	for _, g := range analyse(t, "./stubs/orderpb") {
		for _, m := range g.fact.Told().Client {
			var want [][]string
			switch m.Name {
			case "CreateOrder":
				want = [][]string{{"RequestId"}, {"Order", "Etag"}}
			case "UpdateOrder":
				want = [][]string{{"Order", "Etag"}}
			case "DeleteOrder":
				want = [][]string{{"Etag"}}
			}
			var got [][]string
			v := g.index.Verdict(&m)
			for _, path := range slices.Concat(v.Tokens, v.Etags) {
				got = append(got, g.index.RequestField(&m, path))
			}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("%s: %q, want %q", m.Name, got, want)
			}
		}
	}
}

// What stubs tell of a method is what its proto tells.
func TestProtosAgree(t *testing.T) {
	protos := make(map[string]string) // by the name to import them
	for _, pattern := range []string{"stubs/*/*.proto", "shop/proto/*/*.proto", "shop/proto/*/*/*.proto", "shop/proto/*/*/*/*.proto"} {
		files, err := filepath.Glob(filepath.Join("../../../testdata/src", pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			protos[filepath.ToSlash(file)] = string(text)
		}
	}
	names := slices.Collect(maps.Keys(protos))
	protos["google/api/annotations.proto"] = `
		syntax = "proto3";
		package google.api;
		import "google/protobuf/descriptor.proto";
		extend google.protobuf.MethodOptions { HttpRule http = 72295728; }
		message HttpRule {
			oneof pattern { string get = 2; string put = 3; string post = 4; string delete = 5; string patch = 6; }
			string body = 7;
			repeated HttpRule additional_bindings = 11;
		}`
	compiler := protocompile.Compiler{Resolver: protocompile.WithStandardImports(&protocompile.SourceResolver{
		Accessor: protocompile.SourceAccessorFromMap(protos),
	})}
	files, err := compiler.Compile(t.Context(), names...)
	if err != nil {
		t.Fatal(err)
	}
	want := make(map[string]method.Verdict)
	for _, file := range files {
		for i := range file.Services().Len() {
			for j := range file.Services().Get(i).Methods().Len() {
				d := describe.Method(file.Services().Get(i).Methods().Get(j))
				want["/"+d.FullName()] = method.Classify(d, method.Options{})
			}
		}
	}
	compared := make(map[string]bool)
	for _, g := range analyse(t, "./stubs/...", "./shop/gen/...") {
		for _, m := range g.fact.Told().Client {
			v, ok := want[m.FullMethod]
			if !ok {
				t.Errorf("no proto has %s", m.FullMethod)
				continue
			}
			compared[m.FullMethod] = true
			if got := g.index.Verdict(&m); !reflect.DeepEqual(got, v) {
				t.Errorf("%s: %+v, by its proto %+v", m.FullMethod, got, v)
			}
		}
	}
	// A service with generated code has all of its methods there; the shop
	// has a proto without any.
	generated := make(map[string]bool)
	for name := range compared {
		generated[path.Dir(name)] = true
	}
	for name := range want {
		if generated[path.Dir(name)] && !compared[name] {
			t.Errorf("%s was not compared", name)
		}
	}
	if len(compared) < 40 {
		t.Errorf("only %d methods compared", len(compared))
	}
}

func TestDeclared(t *testing.T) {
	found := analyseWith(t, map[string]string{
		"intent/server/server.go": `package server

import (
	"context"

	"example.com/testdata/stubs/orderpb"
)

type Orders struct{ orderpb.UnimplementedOrderServiceServer }

// UpdateOrder replaces an order.
//
//grpclint:idempotent the version is compared
func (Orders) UpdateOrder(context.Context, *orderpb.UpdateOrderRequest) (*orderpb.Order, error) { return nil, nil }

type Placer interface {
	//grpclint:idempotent keys are made from the cart
	Place(ctx context.Context) error
	Cancel(ctx context.Context) error
}

//grpclint:idempotent
func Place(ctx context.Context, client orderpb.OrderServiceClient) error {
	_, err := client.CreateOrder(ctx, &orderpb.CreateOrderRequest{})
	return err
}

func Plain() {
	//grpclint:idempotent only this
	_ = Place
}
`,
		"intent/client/client.go": `package client

import "example.com/testdata/intent/server"

var _ server.Orders
`}, "./intent/server", "./intent/client")
	if len(found) != 2 {
		t.Fatalf("%d packages", len(found))
	}
	client, scope := found[0], found[1].types.Scope()
	if client.types.Name() != "client" {
		client, scope = found[1], found[0].types.Scope()
	}
	update := client.index.Verdict(&stub.Method{FullMethod: "/example.order.v1.OrderService/UpdateOrder", Name: "UpdateOrder"})
	if update.Class != method.Declared || !strings.Contains(update.Reasons[0], "the version is compared") {
		t.Errorf("the handler says %+v", update)
	}
	create := client.index.Verdict(&stub.Method{FullMethod: "/example.order.v1.OrderService/CreateOrder", Name: "CreateOrder"})
	if create.Class != method.Token {
		t.Errorf("a wrapper's directive is about the wrapper, not about its RPC: %+v", create)
	}
	placer := scope.Lookup("Placer").Type().Underlying().(*types.Interface)
	for _, tt := range []struct {
		fn   types.Object
		want string
	}{
		{scope.Lookup("Place"), "no reason is given"},
		{scope.Lookup("Plain"), ""},
		{placer.Method(0), ""},
		{placer.Method(1), "keys are made from the cart"},
	} {
		got, ok := client.index.Declared(tt.fn.(*types.Func))
		if got != tt.want || ok != (tt.want != "") {
			t.Errorf("%s is declared with %q, want %q", tt.fn, got, tt.want)
		}
	}
}

// Of messages from packages without stubs, the structs tell what they hold.
func TestFarRequest(t *testing.T) {
	found := analyseWith(t, map[string]string{
		"far/messages/messages.go": `package messages

type Charge struct {
	state              int
	xxx_hidden_Account *string    ` + "`protobuf:\"bytes,1,opt,name=account\"`" + `
	xxx_hidden_Key     *string    ` + "`protobuf:\"bytes,2,opt,name=idempotency_key,json=idempotencyKey\"`" + `
	xxx_hidden_Source  isSource   ` + "`protobuf_oneof:\"source\"`" + `
	xxx_hidden_Tags    *[]*Charge ` + "`protobuf:\"bytes,5,rep,name=tags\"`" + `
}

type isSource interface{ isSource() }

type Account struct {
	Name  string ` + "`protobuf:\"bytes,1,opt,name=name,proto3\"`" + `
	Etag  string ` + "`protobuf:\"bytes,2,opt,name=etag,proto3\"`" + `
	Note  *string ` + "`protobuf:\"bytes,3,opt,name=note,proto3,oneof\"`" + `
	State int32  ` + "`protobuf:\"varint,4,opt,name=state,proto3,enum=a.State\"`" + `
}

type UpdateAccount struct {
	Account *Account ` + "`protobuf:\"bytes,1,opt,name=account,proto3\"`" + `
}

type Send struct {
	state     int
	RequestId int64 ` + "`protobuf:\"varint,1,opt,name=request_id,proto3\"`" + `
}

type NoMessage struct{ RequestID string }
`,
		"far/stubs/stubs.go": `package stubs

import (
	"context"

	"example.com/testdata/far/messages"
	"google.golang.org/grpc"
)

// A descriptor that ends too early.
const rawDesc = "\n\nshop.proto\x12\x04shop\x32\x7f"

var zipped = []byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff, 1, 2, 3, 4, 5, 6, 7, 8}

type bankClient struct{ cc grpc.ClientConnInterface }

func (c *bankClient) Charge(ctx context.Context, in *messages.Charge, opts ...grpc.CallOption) (*messages.Charge, error) {
	return nil, c.cc.Invoke(ctx, "/bank.Bank/Charge", in, nil, opts...)
}

func (c *bankClient) UpdateAccount(ctx context.Context, in *messages.UpdateAccount, opts ...grpc.CallOption) (*messages.Charge, error) {
	return nil, c.cc.Invoke(ctx, "/bank.Bank/UpdateAccount", in, nil, opts...)
}

func (c *bankClient) Send(ctx context.Context, in *messages.Send, opts ...grpc.CallOption) (*messages.Charge, error) {
	return nil, c.cc.Invoke(ctx, "/bank.Bank/Send", in, nil, opts...)
}

func (c *bankClient) Pay(ctx context.Context, in *messages.NoMessage, opts ...grpc.CallOption) (*messages.Charge, error) {
	return nil, c.cc.Invoke(ctx, "/bank.Bank/Pay", in, nil, opts...)
}
`}, "./far/stubs")
	want := map[string]struct {
		class method.Class
		doubt bool
		field []string
	}{
		"Charge":        {method.Token, false, []string{"Key"}},
		"UpdateAccount": {method.Conditional, true, []string{"Account", "Etag"}},
		"Send":          {method.Mutating, false, nil},
		"Pay":           {method.Mutating, true, nil},
	}
	g := found[0]
	if len(g.fact.Told().Client) != len(want) {
		t.Fatalf("methods: %+v", g.fact.Told().Client)
	}
	for _, m := range g.fact.Told().Client {
		v, want := g.index.Verdict(&m), want[m.Name]
		if v.Class != want.class || v.Doubt != want.doubt {
			t.Errorf("%s: %+v", m.Name, v)
		}
		for _, path := range slices.Concat(v.Tokens, v.Etags) {
			if got := g.index.RequestField(&m, path); !slices.Equal(got, want.field) {
				t.Errorf("%s: %s is %q", m.Name, path, got)
			}
		}
	}
}
