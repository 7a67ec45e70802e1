package growth

// connections are shapes in which connections and servers are made.
func connections() []Shape {
	return []Shape{
		program("conn-dials", 250, func(t *text, n int) {
			t.line("func f(ctx context.Context) error {")
			t.repeat(n, func(i int) {
				t.line("\tconn%d, err := grpc.NewClient(\"dns:///s%d\", grpc.WithTransportCredentials(insecure.NewCredentials()))\n\tif err != nil {\n\t\treturn err\n\t}\n\tdefer conn%d.Close()\n\tif _, err := orderpb.NewOrderServiceClient(conn%d).GetOrder(ctx, nil); err != nil {\n\t\treturn err\n\t}", i, i, i, i)
			})
			t.line("\treturn nil\n}\nvar _ = f")
		}),
		program("conn-options", 250, func(t *text, n int) {
			t.line("func f(k []string) (*grpc.ClientConn, error) {\n\tvar opts []grpc.DialOption")
			t.repeat(n, func(i int) {
				t.line("\tif k[%d] != \"\" {\n\t\topts = append(opts, grpc.WithUserAgent(k[%d]))\n\t}", i, i)
			})
			t.line("\treturn grpc.NewClient(\"dns:///s\", opts...)\n}\nvar _ = f")
		}),
		program("conn-option-literal", 250, func(t *text, n int) {
			t.line("func f() (*grpc.ClientConn, error) {\n\treturn grpc.NewClient(\"dns:///s\",")
			t.repeat(n, func(i int) { t.line("\t\tgrpc.WithUserAgent(\"%d\"),", i) })
			t.line("\t)\n}\nvar _ = f")
		}),
		program("conn-option-helpers", 100, func(t *text, n int) {
			t.repeat(n, func(i int) {
				t.line("func o%d(opts ...grpc.DialOption) []grpc.DialOption {\n\tif len(opts) > %d {\n\t\treturn o%d(opts...)\n\t}\n\treturn append(o%d(opts...), grpc.WithUserAgent(\"%d\"))\n}", i, i, i+1, i+1, i)
			})
			t.line("func o%d(opts ...grpc.DialOption) []grpc.DialOption { return opts }", n)
			t.line("func f() (*grpc.ClientConn, error) { return grpc.NewClient(\"dns:///s\", o0()...) }\nvar _ = f")
		}),
		program("conn-per-call-chain", 100, func(t *text, n int) {
			t.line("type s struct{ orderpb.UnimplementedOrderServiceServer }")
			t.line("func (s *s) GetOrder(ctx context.Context, req *orderpb.GetOrderRequest) (*orderpb.Order, error) { return h0(ctx, req) }")
			t.repeat(n, func(i int) {
				t.line("func h%d(ctx context.Context, req *orderpb.GetOrderRequest) (*orderpb.Order, error) {\n\tif o, err := h%d(ctx, req); err == nil {\n\t\treturn o, nil\n\t}\n\treturn h%d(ctx, req)\n}", i, i+1, i+1)
			})
			t.line("func h%d(ctx context.Context, req *orderpb.GetOrderRequest) (*orderpb.Order, error) {\n\tconn, err := grpc.NewClient(\"dns:///s\")\n\tif err != nil {\n\t\treturn nil, err\n\t}\n\tdefer conn.Close()\n\treturn orderpb.NewOrderServiceClient(conn).GetOrder(ctx, req)\n}", n)
		}),
		program("conn-target", 250, func(t *text, n int) {
			t.line("func f(ctx context.Context, k []string) error {\n\ttarget := \"dns:///\"")
			t.repeat(n, func(i int) { t.line("\tif k[%d] != \"\" {\n\t\ttarget += k[%d] + target\n\t}", i, i) })
			t.line("\tfor range k {\n\t\tconn, err := grpc.NewClient(target)\n\t\tif err != nil {\n\t\t\treturn err\n\t\t}\n\t\torderpb.NewOrderServiceClient(conn).GetOrder(ctx, nil)\n\t\tconn.Close()\n\t}\n\treturn nil\n}\nvar _ = f")
		}),
		program("conn-fields", 250, func(t *text, n int) {
			t.line("type clients struct {")
			t.repeat(n, func(i int) { t.line("\tconn%d *grpc.ClientConn\n\tclient%d orderpb.OrderServiceClient", i, i) })
			t.line("}\nfunc f() (*clients, error) {\n\tc := new(clients)\n\tvar err error")
			t.repeat(n, func(i int) {
				t.line("\tif c.conn%d, err = grpc.NewClient(\"dns:///s%d\"); err != nil {\n\t\treturn nil, err\n\t}\n\tc.client%d = orderpb.NewOrderServiceClient(c.conn%d)", i, i, i, i)
			})
			t.line("\treturn c, nil\n}\nfunc (c *clients) Close() {")
			t.repeat(n, func(i int) { t.line("\tc.conn%d.Close()", i) })
			t.line("}\nvar _ = f")
		}),
		program("conn-types", 100, func(t *text, n int) {
			t.repeat(n, func(i int) {
				t.line("type t%d struct {\n\ta, b, c *t%d\n\tm map[string][]t%d\n\tx%d int\n}", i, (i+1)%n, i*7%n, i)
			})
			t.repeat(n, func(i int) {
				t.line("func (t *t%d) get() (*t%d, error) { conn, err := grpc.NewClient(\"dns:///s\"); conn.Close(); return t.a, err }", i, (i+1)%n)
			})
			t.repeat(n, func(i int) { t.line("var _ = (*t%d).get", i) })
		}),
		program("server-options", 250, func(t *text, n int) {
			t.line("func f(k []string) *grpc.Server {\n\tvar opts []grpc.ServerOption")
			t.repeat(n, func(i int) {
				t.line("\tif k[%d] != \"\" {\n\t\topts = append(opts, grpc.MaxRecvMsgSize(%d))\n\t}", i, i)
			})
			t.line("\treturn grpc.NewServer(opts...)\n}\nvar _ = f")
		}),
		program("server-interceptors", 250, func(t *text, n int) {
			t.repeat(n, func(i int) {
				t.line("func i%d(ctx context.Context, req any, info *grpc.UnaryServerInfo, next grpc.UnaryHandler) (any, error) { return next(context.WithValue(ctx, %d, 1), req) }", i, i)
			})
			t.line("func f() *grpc.Server {\n\treturn grpc.NewServer(grpc.ChainUnaryInterceptor(")
			t.repeat(n, func(i int) { t.line("\t\ti%d,", i) })
			t.line("\t))\n}\nvar _ = f")
		}),
		program("server-setup", 50, func(t *text, n int) {
			t.repeat(n, func(i int) {
				t.line("func setup%d(s *grpc.Server, o orderpb.OrderServiceServer) {\n\tsetup%d(s, o)\n\tsetup%d(s, o)\n}", i, i+1, i+1)
			})
			t.line("func setup%d(s *grpc.Server, o orderpb.OrderServiceServer) { orderpb.RegisterOrderServiceServer(s, o) }", n)
			t.line("func f(o orderpb.OrderServiceServer) { s := grpc.NewServer(); setup0(s, o); s.Serve(nil) }\nvar _ = f")
		}),
		program("server-many", 100, func(t *text, n int) {
			t.line("func f(o orderpb.OrderServiceServer) {")
			t.repeat(n, func(i int) {
				t.line("\ts%d := grpc.NewServer()\n\torderpb.RegisterOrderServiceServer(s%d, o)\n\tgo s%d.Serve(nil)\n\tdefer s%d.GracefulStop()", i, i, i, i)
			})
			t.line("}\nvar _ = f")
		}),
	}
}
