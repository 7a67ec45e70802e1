package growth

// metadata are shapes in which metadata goes many ways.
func metadata() []Shape {
	return []Shape{
		program("metadata-appends", 250, func(t *text, n int) {
			t.line("func f(ctx context.Context, c orderpb.OrderServiceClient, k []string) {")
			t.repeat(n, func(i int) {
				t.line("\tif k[%d] != \"\" {\n\t\tctx = metadata.AppendToOutgoingContext(ctx, \"x-%d\", k[%d])\n\t}", i, i, i)
			})
			t.line("\tc.GetOrder(ctx, nil)\n}\nfunc g(c orderpb.OrderServiceClient) { f(context.Background(), c, nil) }\nvar _ = g")
		}),
		program("metadata-overwrites", 100, func(t *text, n int) {
			t.line("func f(ctx context.Context, c orderpb.OrderServiceClient, k []string) {")
			t.repeat(n, func(i int) {
				t.line("\tif k[%d] != \"\" {\n\t\tctx = metadata.NewOutgoingContext(ctx, metadata.Pairs(\"x-%d\", k[%d]))\n\t}", i, i, i)
			})
			t.line("\tc.GetOrder(ctx, nil)\n}\nvar _ = f")
		}),
		program("metadata-joins", 100, func(t *text, n int) {
			t.line("func f(ctx context.Context, c orderpb.OrderServiceClient, k []string) {\n\tmd := metadata.Pairs(\"a\", \"b\")")
			t.repeat(n, func(i int) {
				t.line("\tif k[%d] != \"\" {\n\t\tmd = metadata.Join(md, metadata.Pairs(\"X-%d\", k[%d]), md)\n\t}", i, i, i)
			})
			t.line("\tc.GetOrder(metadata.NewOutgoingContext(ctx, md), nil)\n}\nvar _ = f")
		}),
		program("metadata-reads", 250, func(t *text, n int) {
			t.line("func F(ctx context.Context) string {\n\tmd, _ := metadata.FromIncomingContext(ctx)\n\ts := \"\"")
			t.repeat(n, func(i int) {
				t.line("\tif v := md.Get(\"x-%d\"); len(v) > 0 {\n\t\ts += v[0]\n\t}\n\ts += md[\"y-%d\"][0]", i, i)
			})
			t.line("\treturn s\n}")
		}),
		program("metadata-functions", 250, func(t *text, n int) {
			t.repeat(n, func(i int) {
				t.line("func f%d(md metadata.MD) metadata.MD {\n\tmd = f%d(md)\n\tmd.Set(\"Key %d\", \"v\")\n\treturn f%d(md)\n}", i, i+1, i, i+1)
			})
			t.line("func f%d(md metadata.MD) metadata.MD { return md }", n)
			t.line("func g(ctx context.Context, c orderpb.OrderServiceClient) { c.GetOrder(metadata.NewOutgoingContext(ctx, f0(metadata.Pairs(\"a\", \"b\"))), nil) }\nvar _ = g")
		}),
		program("metadata-recursion", 100, func(t *text, n int) {
			t.repeat(n, func(i int) {
				t.line("func f%d(ctx context.Context, md metadata.MD, k int) {\n\tif k == %d {\n\t\tf%d(ctx, md, k)\n\t}\n\tf%d(metadata.NewOutgoingContext(ctx, md), md, k)\n\tmd.Append(\"k\", \"v\")\n\tf%d(ctx, metadata.Join(md, md), k)\n}", i, i, (i+1)%n, i*7%n, (i*13+5)%n)
			})
			t.line("func g(ctx context.Context, c orderpb.OrderServiceClient) { f0(ctx, metadata.Pairs(\"a\", \"b\"), 1) }\nvar _ = g")
		}),
	}
}
