package growth

import "fmt"

// contexts are shapes in which many ways lead from a context to an RPC.
func contexts() []Shape {
	return []Shape{
		program("context-values", 250, func(t *text, n int) {
			t.line("func f(ctx context.Context, c orderpb.OrderServiceClient, k []string) {")
			t.repeat(n, func(i int) { t.line("\tif k[%d] != \"\" {\n\t\tctx = context.WithValue(ctx, k[%d], 1)\n\t}", i, i) })
			t.line("\tc.GetOrder(ctx, nil)\n}")
			t.line("func g(c orderpb.OrderServiceClient) { f(context.Background(), c, nil) }\nvar _ = g")
		}),
		program("context-loops", 100, func(t *text, n int) {
			t.line("func f(ctx context.Context, c orderpb.OrderServiceClient, k []string) {")
			t.repeat(n, func(i int) {
				t.line("for range k {\nif k[%d] != \"\" { continue }\nctx = context.WithValue(ctx, k[%d], 1)\n}", i, i)
			})
			t.line("\tc.GetOrder(ctx, nil)\n}")
			t.line("func g(c orderpb.OrderServiceClient) { f(context.Background(), c, nil) }\nvar _ = g")
		}),
		program("context-nested-loops", 25, func(t *text, n int) {
			t.line("func f(ctx context.Context, c orderpb.OrderServiceClient, k []string) {")
			t.repeat(n, func(i int) { t.line("for range k {\nctx = context.WithValue(ctx, k[%d], 1)\n", i) })
			t.line("\tc.GetOrder(ctx, nil)\n")
			t.repeat(n, func(i int) { t.line("}") })
			t.line("}\nfunc g(c orderpb.OrderServiceClient) { f(context.Background(), c, nil) }\nvar _ = g")
		}),
		program("context-gotos", 100, func(t *text, n int) {
			t.line("func f(ctx context.Context, c orderpb.OrderServiceClient, k []int) {")
			t.repeat(n, func(i int) {
				t.line("l%d:\n\tif k[%d] > 0 {\n\t\tctx = context.WithValue(ctx, %d, 1)\n\t\tgoto l%d\n\t}\n\tif k[%d] < 0 {\n\t\tgoto l%d\n\t}", i, i, i, i*7%n, i, (i*13+5)%n)
			})
			t.line("\tc.GetOrder(ctx, nil)\n}")
			t.line("func g(c orderpb.OrderServiceClient) { f(context.Background(), c, nil) }\nvar _ = g")
		}),
		program("context-recursion", 100, func(t *text, n int) {
			t.repeat(n, func(i int) {
				t.line("func f%d(ctx context.Context, c orderpb.OrderServiceClient, k int) context.Context {", i)
				t.line("\tif k == %d {\n\t\tctx = f%d(context.WithValue(ctx, k, 1), c, k-1)\n\t}", i, (i+1)%n)
				t.line("\tif k > %d {\n\t\treturn f%d(ctx, c, k-2)\n\t}", i, i*7%n)
				t.line("\tc.GetOrder(ctx, nil)\n\treturn f%d(ctx, c, k-3)\n}", (i*13+5)%n)
			})
			t.line("func g(c orderpb.OrderServiceClient) { f0(context.Background(), c, 1) }\nvar _ = g")
		}),
		program("context-chain", 250, func(t *text, n int) {
			t.repeat(n, func(i int) {
				t.line("func f%d(ctx context.Context, c orderpb.OrderServiceClient) error {\n\treturn f%d(context.WithValue(ctx, %d, 1), c)\n}", i, i+1, i)
			})
			t.line("func f%d(ctx context.Context, c orderpb.OrderServiceClient) error {\n\t_, err := c.GetOrder(ctx, nil)\n\treturn err\n}", n)
			t.line("func g(c orderpb.OrderServiceClient) { f0(context.Background(), c) }\nvar _ = g")
		}),
		program("context-diamonds", 50, func(t *text, n int) {
			t.repeat(n, func(i int) {
				t.line("func f%d(ctx context.Context, c orderpb.OrderServiceClient) error {\n\tif err := f%d(ctx, c); err != nil {\n\t\treturn err\n\t}\n\treturn f%d(context.WithValue(ctx, %d, 1), c)\n}", i, i+1, i+1, i)
			})
			t.line("func f%d(ctx context.Context, c orderpb.OrderServiceClient) error {\n\t_, err := c.GetOrder(ctx, nil)\n\treturn err\n}", n)
			t.line("func g(c orderpb.OrderServiceClient) { f0(context.Background(), c) }\nvar _ = g")
		}),
		program("context-makers", 50, func(t *text, n int) {
			t.repeat(n, func(i int) {
				t.line("func f%d(ctx context.Context, k int) context.Context {\n\tif k > 0 {\n\t\treturn f%d(ctx, k)\n\t}\n\treturn f%d(f%d(ctx, k), k)\n}", i, i+1, i+1, i+1)
			})
			t.line("func f%d(ctx context.Context, k int) context.Context { return context.WithValue(ctx, k, k) }", n)
			t.line("func g(c orderpb.OrderServiceClient) { c.GetOrder(f0(context.Background(), 1), nil) }\nvar _ = g")
		}),
		program("context-nodes", 100, func(t *text, n int) {
			t.line("type node struct {\n\tctx context.Context\n\tclient orderpb.OrderServiceClient\n\tnext *node\n}")
			t.line("func (n *node) run() {\n\tfor ; n != nil; n = n.next {\n\t\tn.client.GetOrder(n.ctx, nil)\n\t}\n}")
			t.line("func f(ctx context.Context, c orderpb.OrderServiceClient) {\n\tn := &node{ctx: ctx, client: c}")
			t.repeat(n, func(i int) {
				t.line("\tn%d := &node{ctx: context.WithValue(n.ctx, %d, 1), client: n.client, next: n}\n\tn = n%d", i, i, i)
			})
			t.line("\tn.run()\n\tn.client.GetOrder(n.ctx, nil)\n}\nfunc g(c orderpb.OrderServiceClient) { f(context.Background(), c) }\nvar _ = g")
		}),
		program("context-captured", 250, func(t *text, n int) {
			t.line("func f(ctx context.Context, c orderpb.OrderServiceClient, k []int) {\n\tuse := func() { c.GetOrder(ctx, nil) }")
			t.repeat(n, func(i int) {
				t.line("\tif k[%d] > 0 {\n\t\tctx = context.WithValue(ctx, %d, 1)\n\t}\n\tc.GetOrder(ctx, nil)", i, i)
			})
			t.line("\tuse()\n}\nfunc g(c orderpb.OrderServiceClient) { f(context.Background(), c, nil) }\nvar _ = g")
		}),
		program("context-fields", 250, func(t *text, n int) {
			t.line("type s struct {")
			t.repeat(n, func(i int) { t.line("\tctx%d context.Context", i) })
			t.line("}\nfunc f(s *s, c orderpb.OrderServiceClient) {")
			t.repeat(n, func(i int) { t.line("\ts.ctx%d = s.ctx%d\n\tc.GetOrder(s.ctx%d, nil)", (i+1)%n, i, i) })
			t.line("}\nvar _ = f")
		}),
		program("context-callbacks", 250, func(t *text, n int) {
			t.line("func run(ctx context.Context, f func(context.Context) error) error { return f(ctx) }")
			t.line("func f(ctx context.Context, c orderpb.OrderServiceClient) error {")
			t.repeat(n, func(i int) {
				t.line("\tif err := run(ctx, func(ctx context.Context) error { _, err := c.GetOrder(ctx, nil); return err }); err != nil {\n\t\treturn err\n\t}")
			})
			t.line("\treturn nil\n}\nfunc g(c orderpb.OrderServiceClient) { f(context.Background(), c) }\nvar _ = g")
		}),
		program("context-timeouts", 250, func(t *text, n int) {
			t.line("func f(c orderpb.OrderServiceClient) {")
			t.repeat(n, func(i int) {
				t.line("\tctx%d, cancel%d := context.WithTimeout(context.Background(), time.Second)\n\tdefer cancel%d()\n\tc.GetOrder(ctx%d, nil)", i, i, i, i)
			})
			t.line("}\nvar _ = f")
		}),
		program("context-callers", 250, func(t *text, n int) {
			t.line("func f(ctx context.Context, c orderpb.OrderServiceClient) { c.GetOrder(ctx, nil); c.ListOrders(ctx, nil); c.CreateOrder(ctx, nil) }")
			t.repeat(n, func(i int) { t.line("func g%d(c orderpb.OrderServiceClient) { f(context.Background(), c) }", i) })
			t.repeat(n, func(i int) { t.line("var _ = g%d", i) })
		}),
		program("context-table", 250, func(t *text, n int) {
			t.line("var table = map[string]func(context.Context, orderpb.OrderServiceClient) error{")
			t.repeat(n, func(i int) {
				t.line("\t\"k%d\": func(ctx context.Context, c orderpb.OrderServiceClient) error { _, err := c.GetOrder(ctx, nil); return err },", i)
			})
			t.line("}\nfunc f(c orderpb.OrderServiceClient) { for _, g := range table { g(context.Background(), c) } }\nvar _ = f")
		}),
		program("context-implementers", 100, func(t *text, n int) {
			t.line("type repo interface { find(ctx context.Context) error }")
			t.repeat(n, func(i int) {
				t.line("type r%d struct{ c orderpb.OrderServiceClient; next repo }\nfunc (r r%d) find(ctx context.Context) error {\n\tif _, err := r.c.GetOrder(ctx, nil); err != nil {\n\t\treturn err\n\t}\n\treturn r.next.find(ctx)\n}", i, i)
			})
			t.line("func f(c orderpb.OrderServiceClient) {\n\tvar r repo")
			t.repeat(n, func(i int) { t.line("\tr = r%d{c, r}", i) })
			t.line("\tr.find(context.Background())\n}\nvar _ = f")
		}),
		{Name: "context-packages", N: 10, Files: func(n int) map[string]string {
			files := make(map[string]string)
			for i := range n + 1 {
				var t text
				t.line("package p%d\n\nimport (\n\t\"context\"\n\n\t\"example.com/testdata/stubs/orderpb\"", i)
				if i < n {
					t.line("\t\"example.com/growth/p%d\"\n)\n", i+1)
					t.line("// Get gets an order.\nfunc Get(ctx context.Context, c orderpb.OrderServiceClient) (*orderpb.Order, error) {\n\tif o, err := p%d.Get(context.WithValue(ctx, %d, 1), c); err == nil {\n\t\treturn o, nil\n\t}\n\treturn p%d.Get(ctx, c)\n}", i+1, i, i+1)
				} else {
					t.line(")\n\n// Get gets an order.\nfunc Get(ctx context.Context, c orderpb.OrderServiceClient) (*orderpb.Order, error) { return c.GetOrder(ctx, nil) }")
				}
				if i == 0 {
					t.line("func f(c orderpb.OrderServiceClient) { Get(context.Background(), c) }\n\nvar _ = f")
				}
				files[fmt.Sprintf("p%d/p.go", i)] = t.String()
			}
			return files
		}},
	}
}
