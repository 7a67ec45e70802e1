package growth

// errors are shapes in which errors come from many places.
func errors() []Shape {
	return []Shape{
		program("error-rpcs", 500, func(t *text, n int) {
			t.line("func f(ctx context.Context, c orderpb.OrderServiceClient) (*orderpb.Order, error) {\n\tvar last *orderpb.Order")
			t.repeat(n, func(i int) {
				t.line("\to%d, err := c.GetOrder(ctx, &orderpb.GetOrderRequest{Name: \"%d\"})\n\tif err != nil {\n\t\treturn nil, err\n\t}\n\tlast = o%d", i, i, i)
			})
			t.line("\treturn last, nil\n}\nvar _ = f")
		}),
		program("error-swallowed", 500, func(t *text, n int) {
			t.line("type s struct{ orderpb.UnimplementedOrderServiceServer; c orderpb.OrderServiceClient }")
			t.line("func (s *s) GetOrder(ctx context.Context, req *orderpb.GetOrderRequest) (*orderpb.Order, error) {")
			t.repeat(n, func(i int) {
				t.line("\tif _, err := s.c.DeleteOrder(ctx, &orderpb.DeleteOrderRequest{}); err != nil {\n\t\treturn nil, nil\n\t}")
			})
			t.line("\treturn &orderpb.Order{}, nil\n}")
		}),
		program("error-helpers", 500, func(t *text, n int) {
			t.line("type s struct{ orderpb.UnimplementedOrderServiceServer; c orderpb.OrderServiceClient }")
			t.line("func (s *s) GetOrder(ctx context.Context, req *orderpb.GetOrderRequest) (*orderpb.Order, error) {")
			t.repeat(n, func(i int) { t.line("\tif err := s.h%d(ctx, req); err != nil {\n\t\treturn nil, err\n\t}", i) })
			t.line("\treturn &orderpb.Order{}, nil\n}")
			t.repeat(n, func(i int) {
				t.line("func (s *s) h%d(ctx context.Context, req *orderpb.GetOrderRequest) error {\n\tif req.Name == \"%d\" {\n\t\treturn fmt.Errorf(\"no %d\")\n\t}\n\t_, err := s.c.GetOrder(ctx, req)\n\treturn err\n}", i, i, i)
			})
		}),
		program("error-helper-chain", 250, func(t *text, n int) {
			t.line("type s struct{ orderpb.UnimplementedOrderServiceServer; c orderpb.OrderServiceClient }")
			t.line("func (s *s) GetOrder(ctx context.Context, req *orderpb.GetOrderRequest) (*orderpb.Order, error) { return nil, s.h0(ctx, req) }")
			t.repeat(n, func(i int) {
				t.line("func (s *s) h%d(ctx context.Context, req *orderpb.GetOrderRequest) error {\n\tif err := s.h%d(ctx, req); err != nil {\n\t\treturn fmt.Errorf(\"%d: %%w\", err)\n\t}\n\treturn s.h%d(ctx, req)\n}", i, i+1, i, i+1)
			})
			t.line("func (s *s) h%d(ctx context.Context, req *orderpb.GetOrderRequest) error { _, err := s.c.GetOrder(ctx, req); return err }", n)
		}),
		program("error-recursion", 100, func(t *text, n int) {
			t.line("type s struct{ orderpb.UnimplementedOrderServiceServer; c orderpb.OrderServiceClient }")
			t.line("func (s *s) GetOrder(ctx context.Context, req *orderpb.GetOrderRequest) (*orderpb.Order, error) { return nil, h0(ctx, s.c, 1) }")
			t.repeat(n, func(i int) {
				t.line("func h%d(ctx context.Context, c orderpb.OrderServiceClient, k int) error {\n\tif err := h%d(ctx, c, k); err != nil {\n\t\treturn fmt.Errorf(\"%d: %%w\", err)\n\t}\n\tif k == %d {\n\t\t_, err := c.GetOrder(ctx, nil)\n\t\treturn err\n\t}\n\tif k > %d {\n\t\treturn h%d(ctx, c, k)\n\t}\n\treturn h%d(ctx, c, k)\n}", i, (i+1)%n, i, i, i, i*7%n, (i*13+5)%n)
			})
		}),
		program("error-wraps", 250, func(t *text, n int) {
			t.line("type s struct{ orderpb.UnimplementedOrderServiceServer; c orderpb.OrderServiceClient }")
			t.line("func (s *s) GetOrder(ctx context.Context, req *orderpb.GetOrderRequest) (*orderpb.Order, error) {\n\to, err := s.c.GetOrder(ctx, req)")
			t.repeat(n, func(i int) { t.line("\tif req.Name == \"%d\" {\n\t\terr = fmt.Errorf(\"%d: %%w\", err)\n\t}", i, i) })
			t.line("\treturn o, err\n}")
		}),
		program("error-joins", 250, func(t *text, n int) {
			t.line("type s struct{ orderpb.UnimplementedOrderServiceServer; c orderpb.OrderServiceClient }")
			t.line("func (s *s) GetOrder(ctx context.Context, req *orderpb.GetOrderRequest) (*orderpb.Order, error) {\n\tvar all error")
			t.repeat(n, func(i int) {
				t.line("\tif _, err := s.c.GetOrder(ctx, req); err != nil {\n\t\tall = errors.Join(all, err)\n\t}")
			})
			t.line("\treturn nil, all\n}")
		}),
		program("error-sentinels", 250, func(t *text, n int) {
			t.repeat(n, func(i int) { t.line("var err%d = errors.New(\"%d\")", i, i) })
			t.line("type s struct{ orderpb.UnimplementedOrderServiceServer; c orderpb.OrderServiceClient }")
			t.line("func (s *s) GetOrder(ctx context.Context, req *orderpb.GetOrderRequest) (*orderpb.Order, error) {\n\terr := find(req)\n\tswitch {")
			t.repeat(n, func(i int) {
				t.line("\tcase errors.Is(err, err%d):\n\t\treturn nil, status.Error(codes.NotFound, \"%d\")\n\tcase err == err%d:\n\t\treturn nil, err", i, i, i)
			})
			t.line("\t}\n\treturn nil, err\n}\nfunc find(req *orderpb.GetOrderRequest) error {\n\tswitch req.Name {")
			t.repeat(n, func(i int) { t.line("\tcase \"%d\":\n\t\treturn err%d", i, i) })
			t.line("\t}\n\treturn nil\n}")
		}),
		program("error-named-result", 250, func(t *text, n int) {
			t.line("func f(ctx context.Context, c orderpb.OrderServiceClient) (o *orderpb.Order, err error) {\n\tdefer func() {\n\t\tif err != nil {\n\t\t\terr = fmt.Errorf(\"f: %%w\", err)\n\t\t}\n\t}()")
			t.repeat(n, func(i int) {
				t.line("\tif o, err = c.GetOrder(ctx, nil); err != nil {\n\t\treturn nil, err\n\t}\n\tif status.Code(err) == codes.NotFound {\n\t\treturn o, nil\n\t}")
			})
			t.line("\treturn o, err\n}\nvar _ = f")
		}),
		program("error-codes-switch", 500, func(t *text, n int) {
			t.line("func f(ctx context.Context, c orderpb.OrderServiceClient, k int) error {\n\tswitch k {")
			t.repeat(n, func(i int) {
				t.line("\tcase %d:\n\t\t_, err := c.GetOrder(ctx, nil)\n\t\tif status.Code(err) == codes.NotFound {\n\t\t\treturn nil\n\t\t}\n\t\treturn err", i)
			})
			t.line("\t}\n\treturn nil\n}\nvar _ = f")
		}),
		program("error-else-if", 500, func(t *text, n int) {
			t.line("func f(ctx context.Context, c orderpb.OrderServiceClient, k string) error {\n\t_, err := c.GetOrder(ctx, nil)\n\tif err == nil {\n\t\treturn nil\n\t}")
			t.repeat(n, func(i int) {
				t.line("\tif k == \"%d\" {\n\t\treturn status.Error(codes.NotFound, \"%d\")\n\t} else", i, i)
			})
			t.line("\t{\n\t\treturn err\n\t}\n}\nvar _ = f")
		}),
		program("retry-loops", 100, func(t *text, n int) {
			t.line("func f(ctx context.Context, c orderpb.OrderServiceClient) {")
			t.repeat(n, func(i int) {
				t.line("\tfor i := 0; i < 3; i++ {\n\t\tif _, err := c.CreateOrder(ctx, &orderpb.CreateOrderRequest{}); err == nil || status.Code(err) != codes.Unavailable {\n\t\t\tbreak\n\t\t}\n\t\ttime.Sleep(time.Second)\n\t}")
			})
			t.line("}\nvar _ = f")
		}),
		program("retry-body", 250, func(t *text, n int) {
			t.line("func f(ctx context.Context, c orderpb.OrderServiceClient, k []string) error {\n\tvar err error\n\tfor i := 0; i < 3; i++ {\n\t\tif _, err = c.CreateOrder(ctx, &orderpb.CreateOrderRequest{}); err == nil {\n\t\t\treturn nil\n\t\t}\n\t\tok := false")
			t.repeat(n, func(i int) {
				t.line("\t\tif k[%d] == \"\" {\n\t\t\tok = status.Code(err) == codes.Unavailable\n\t\t}", i)
			})
			t.line("\t\tif !ok {\n\t\t\tbreak\n\t\t}\n\t}\n\treturn err\n}\nvar _ = f")
		}),
		program("retry-many-rpcs", 250, func(t *text, n int) {
			t.line("func f(ctx context.Context, c orderpb.OrderServiceClient) {\n\tfor {")
			t.repeat(n, func(i int) {
				t.line("\t\tif _, err := c.CreateOrder(ctx, &orderpb.CreateOrderRequest{RequestId: \"%d\"}); err != nil {\n\t\t\tcontinue\n\t\t}", i)
			})
			t.line("\t\treturn\n\t}\n}\nvar _ = f")
		}),
	}
}
