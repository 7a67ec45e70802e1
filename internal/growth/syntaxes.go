package growth

import "strings"

// syntax are shapes of large or deep code around one RPC.
func syntax() []Shape {
	const rpc = "c.GetOrder(ctx, nil)"
	return []Shape{
		program("code-statements", 2500, func(t *text, n int) {
			t.line("func f(ctx context.Context, c orderpb.OrderServiceClient) (x int) {")
			t.repeat(n, func(i int) {
				if i%5 == 0 {
					t.line("\tif _, err := c.GetOrder(ctx, nil); err != nil {\n\t\treturn %d\n\t}", i)
				} else {
					t.line("\tx += %d", i)
				}
			})
			t.line("\treturn x\n}\nvar _ = f")
		}),
		program("code-switch", 1000, func(t *text, n int) {
			t.line("func f(ctx context.Context, c orderpb.OrderServiceClient, k int) error {\n\tvar err error\n\tswitch k {")
			t.repeat(n, func(i int) {
				t.line("\tcase %d:\n\t\t_, err = c.GetOrder(ctx, &orderpb.GetOrderRequest{Name: \"%d\"})", i, i)
			})
			t.line("\t}\n\treturn err\n}\nvar _ = f")
		}),
		program("code-else-if", 500, func(t *text, n int) {
			t.line("func f(ctx context.Context, c orderpb.OrderServiceClient, k int) error {\n\tvar err error")
			t.repeat(n, func(i int) { t.line("\tif k == %d {\n\t\t_, err = c.GetOrder(ctx, nil)\n\t} else", i) })
			t.line("\t{\n\t\treturn nil\n\t}\n\treturn err\n}\nvar _ = f")
		}),
		program("code-ifs", 250, func(t *text, n int) {
			t.line("func f(ctx context.Context, c orderpb.OrderServiceClient, k []int) (err error) {")
			t.repeat(n, func(i int) {
				t.line("if k[%d] > 0 {\nctx := context.WithValue(ctx, %d, 1)\nif _, err = c.GetOrder(ctx, nil); err != nil { return err }", i, i)
			})
			t.line(rpc)
			t.repeat(n, func(i int) { t.line("}") })
			t.line("return err\n}\nvar _ = f")
		}),
		program("code-closures", 50, func(t *text, n int) {
			t.line("func f(ctx context.Context, c orderpb.OrderServiceClient) (err error) {")
			t.repeat(n, func(i int) {
				t.line("defer func() {\nctx = context.WithValue(ctx, %d, 1)\n_, err = c.GetOrder(ctx, nil)", i)
			})
			t.repeat(n, func(i int) { t.line("}()") })
			t.line("return err\n}\nfunc g(c orderpb.OrderServiceClient) { f(context.Background(), c) }\nvar _ = g")
		}),
		program("code-literals", 250, func(t *text, n int) {
			t.line("func f(ctx context.Context, c orderpb.OrderServiceClient) (err error) {")
			t.repeat(n, func(i int) {
				t.line("do%d := func() { _, err = c.GetOrder(ctx, nil); ctx = context.WithValue(ctx, %d, 1) }\ndo%d()", i, i, i)
			})
			t.line("return err\n}\nfunc g(c orderpb.OrderServiceClient) { f(context.Background(), c) }\nvar _ = g")
		}),
		program("code-expression", 500, func(t *text, n int) {
			t.line("func f(ctx context.Context, c orderpb.OrderServiceClient, k int) { " + rpc)
			t.line("\t_ = %sk%s\n}\nvar _ = f", strings.Repeat("(1 + ", n), strings.Repeat(")", n))
		}),
		program("code-calls", 500, func(t *text, n int) {
			t.line("func id(ctx context.Context) context.Context { return ctx }")
			t.line("func f(ctx context.Context, c orderpb.OrderServiceClient) { c.GetOrder(%sctx%s, nil) }\nvar _ = f", strings.Repeat("id(", n), strings.Repeat(")", n))
		}),
		program("code-concatenation", 1000, func(t *text, n int) {
			t.line("const s = \"\"")
			t.line("var config = \"{\\\"loadBalancingConfig\\\":[\"%s+\"{\\\"round_robin\\\":{}}]}\"", strings.Repeat("+\" \"", n))
			t.line("func f() (*grpc.ClientConn, error) { return grpc.NewClient(\"dns:///s\", grpc.WithDefaultServiceConfig(config)) }\nvar _ = f")
		}),
		program("code-doubling", 5, func(t *text, n int) {
			t.line("const c0 = \"\"")
			t.repeat(n, func(i int) { t.line("const c%d = c%d + c%d", i+1, i, i) })
			t.line("func f() (*grpc.ClientConn, error) { return grpc.NewClient(\"dns:///s\", grpc.WithDefaultServiceConfig(\"{}\"+c%d)) }\nvar _ = f", n)
		}),
		program("code-doubling-variables", 5, func(t *text, n int) {
			t.line("func f() (*grpc.ClientConn, error) {\n\tv0 := \"  \"")
			t.repeat(n, func(i int) { t.line("\tv%d := v%d + v%d", i+1, i, i) })
			t.line("\treturn grpc.NewClient(\"dns:///s\", grpc.WithDefaultServiceConfig(\"{}\"+v%d))\n}\nvar _ = f", n)
		}),
		program("code-directives", 1000, func(t *text, n int) {
			t.line("func f(ctx context.Context, c orderpb.OrderServiceClient) {")
			t.repeat(n, func(i int) { t.line("\t//grpclint:ignore deadline/missing because %d", i) })
			t.line("\t" + rpc + "\n}\nvar _ = f")
		}),
		program("code-directives-apart", 500, func(t *text, n int) {
			t.line("func f(c orderpb.OrderServiceClient) {")
			t.repeat(n, func(i int) {
				t.line("\t//grpclint:ignore deadline/missing because %d\n\tc.GetOrder(context.Background(), nil)", i)
			})
			t.line("}\nvar _ = f")
		}),
		program("code-literal", 1000, func(t *text, n int) {
			t.line("type row struct {\n\tname string\n\tcall func(context.Context, orderpb.OrderServiceClient) error\n\tcode codes.Code\n}\nvar rows = []row{")
			t.repeat(n, func(i int) {
				t.line("\t{\"%d\", func(ctx context.Context, c orderpb.OrderServiceClient) error { _, err := c.GetOrder(ctx, nil); return err }, codes.NotFound},", i)
			})
			t.line("}\nvar _ = rows")
		}),
		program("code-request", 500, func(t *text, n int) {
			t.line("func f(ctx context.Context, c orderpb.OrderServiceClient) {\n\tc.CreateOrder(ctx, &orderpb.CreateOrderRequest{Order: &orderpb.Order{Items: []*orderpb.Item{")
			t.repeat(n, func(i int) { t.line("\t\t{Sku: \"%d\"},", i) })
			t.line("\t}}})\n}\nvar _ = f")
		}),
		program("code-functions", 1000, func(t *text, n int) {
			t.repeat(n, func(i int) {
				t.line("func f%d(ctx context.Context, c orderpb.OrderServiceClient) (*orderpb.Order, error) {\n\to, err := c.GetOrder(ctx, &orderpb.GetOrderRequest{Name: \"%d\"})\n\tif err != nil {\n\t\treturn nil, fmt.Errorf(\"%d: %%w\", err)\n\t}\n\treturn o, nil\n}\nvar _ = f%d", i, i, i, i)
			})
		}),
		program("code-generics", 25, func(t *text, n int) {
			t.line("type box[T any] struct{ v T; next *box[box[T]] }")
			t.line("func get[T any](ctx context.Context, c orderpb.OrderServiceClient, v T) T { %s; return v }", rpc)
			t.line("func f(ctx context.Context, c orderpb.OrderServiceClient) {\n\tvar v %sint%s\n\tget(ctx, c, v)\n}\nvar _ = f", strings.Repeat("box[", n), strings.Repeat("]", n))
		}),
	}
}
