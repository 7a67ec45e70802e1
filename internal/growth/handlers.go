package growth

// handlers are shapes of code that serves RPCs.
func handlers() []Shape {
	return []Shape{
		program("handler-fields", 500, func(t *text, n int) {
			t.line("type s struct{ orderpb.UnimplementedOrderServiceServer }")
			t.line("func (s *s) CreateOrder(ctx context.Context, req *orderpb.CreateOrderRequest) (*orderpb.Order, error) {\n\tx := \"\"")
			t.repeat(n, func(i int) {
				t.line("\tif req.Order != nil {\n\t\tx += req.Order.Name\n\t}\n\tx += req.Order.Customer")
			})
			t.line("\treturn &orderpb.Order{Name: x}, nil\n}")
		}),
		program("handler-checks", 500, func(t *text, n int) {
			t.line("type s struct{ orderpb.UnimplementedOrderServiceServer }")
			t.line("func (s *s) CreateOrder(ctx context.Context, req *orderpb.CreateOrderRequest) (*orderpb.Order, error) {")
			t.repeat(n, func(i int) { t.line("\tif err := check%d(req); err != nil {\n\t\treturn nil, err\n\t}", i) })
			t.line("\treturn req.Order, nil\n}")
			t.repeat(n, func(i int) {
				t.line("func check%d(req *orderpb.CreateOrderRequest) error {\n\tif req.Order == nil || req.Order.Name == \"%d\" {\n\t\treturn status.Error(codes.InvalidArgument, \"%d\")\n\t}\n\treturn nil\n}", i, i, i)
			})
		}),
		program("handler-items", 250, func(t *text, n int) {
			t.line("type s struct{ orderpb.UnimplementedOrderServiceServer }")
			t.line("func (s *s) CreateOrder(ctx context.Context, req *orderpb.CreateOrderRequest) (*orderpb.Order, error) {\n\tx := \"\"")
			t.repeat(n, func(i int) {
				t.line("\tfor _, it%d := range req.Order.Items {\n\t\tif it%d != nil {\n\t\t\tx += it%d.Sku\n\t\t}\n\t}", i, i, i)
			})
			t.line("\treturn &orderpb.Order{Name: x}, nil\n}")
		}),
		program("handler-types", 100, func(t *text, n int) {
			t.repeat(n, func(i int) {
				t.line("type s%d struct{ orderpb.UnimplementedOrderServiceServer; last string; c orderpb.OrderServiceClient }", i)
				for _, m := range []string{"GetOrder", "CreateOrder", "DeleteOrder"} {
					switch m {
					case "GetOrder":
						t.line("func (s *s%d) GetOrder(ctx context.Context, req *orderpb.GetOrderRequest) (*orderpb.Order, error) { s.last = req.Name; return s.c.GetOrder(ctx, req) }", i)
					case "CreateOrder":
						t.line("func (s *s%d) CreateOrder(ctx context.Context, req *orderpb.CreateOrderRequest) (*orderpb.Order, error) { go s.c.CreateOrder(ctx, req); return req.Order, fmt.Errorf(\"no\") }", i)
					}
				}
			})
		}),
		program("handler-goroutines", 250, func(t *text, n int) {
			t.line("type s struct{ orderpb.UnimplementedOrderServiceServer; c orderpb.OrderServiceClient }")
			t.line("func (s *s) GetOrder(ctx context.Context, req *orderpb.GetOrderRequest) (*orderpb.Order, error) {")
			t.repeat(n, func(i int) { t.line("\tgo func() { s.c.GetOrder(ctx, req) }()") })
			t.line("\treturn nil, nil\n}")
		}),
		program("handler-channels", 250, func(t *text, n int) {
			t.line("type s struct{ orderpb.UnimplementedOrderServiceServer; c orderpb.OrderServiceClient }")
			t.line("func (s *s) GetOrder(ctx context.Context, req *orderpb.GetOrderRequest) (*orderpb.Order, error) {")
			t.repeat(n, func(i int) {
				t.line("\tch%d := make(chan *orderpb.Order)\n\tgo func() { o, _ := s.c.GetOrder(ctx, req); ch%d <- o }()\n\tselect {\n\tcase o := <-ch%d:\n\t\tif o != nil {\n\t\t\treturn o, nil\n\t\t}\n\tcase <-ctx.Done():\n\t\treturn nil, ctx.Err()\n\t}", i, i, i)
			})
			t.line("\treturn nil, nil\n}")
		}),
		program("handler-calls", 50, func(t *text, n int) {
			t.line("type s struct{ orderpb.UnimplementedOrderServiceServer; c orderpb.OrderServiceClient; last string }")
			t.line("func (s *s) GetOrder(ctx context.Context, req *orderpb.GetOrderRequest) (*orderpb.Order, error) { return s.h0(ctx, req) }")
			t.repeat(n, func(i int) {
				t.line("func (s *s) h%d(ctx context.Context, req *orderpb.GetOrderRequest) (*orderpb.Order, error) {\n\ts.last = req.Name\n\tif o, err := s.h%d(ctx, req); err == nil {\n\t\treturn o, nil\n\t}\n\tgo s.h%d(ctx, req)\n\treturn s.h%d(ctx, req)\n}", i, i+1, i+1, i+1)
			})
			t.line("func (s *s) h%d(ctx context.Context, req *orderpb.GetOrderRequest) (*orderpb.Order, error) { s.last = \"\"; return s.c.GetOrder(ctx, req) }", n)
		}),
		program("handler-tokens", 250, func(t *text, n int) {
			t.line("type s struct{ orderpb.UnimplementedOrderServiceServer; orders map[string]string }")
			t.line("func (s *s) CreateOrder(ctx context.Context, req *orderpb.CreateOrderRequest) (*orderpb.Order, error) { h0(s, req); return req.Order, nil }")
			t.repeat(n, func(i int) {
				t.line("func h%d(s *s, req *orderpb.CreateOrderRequest) {\n\tif req.RequestId == \"%d\" {\n\t\th%d(s, req)\n\t}\n\th%d(s, req)\n}", i, i, i+1, i+1)
			})
			t.line("func h%d(s *s, req *orderpb.CreateOrderRequest) { s.orders[req.RequestId] = \"\" }", n)
		}),
	}
}
