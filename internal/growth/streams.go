package growth

// streams are shapes of code that uses streams.
func streams() []Shape {
	return []Shape{
		program("stream-many", 125, func(t *text, n int) {
			t.line("func f(ctx context.Context, c orderpb.OrderServiceClient) error {")
			t.repeat(n, func(i int) {
				t.line("\ts%d, err := c.WatchOrders(ctx, nil)\n\tif err != nil {\n\t\treturn err\n\t}\n\tif _, err := s%d.Recv(); err != nil {\n\t\treturn err\n\t}", i, i)
			})
			t.line("\treturn nil\n}\nvar _ = f")
		}),
		program("stream-loops", 125, func(t *text, n int) {
			t.line("func f(ctx context.Context, c orderpb.OrderServiceClient) error {")
			t.repeat(n, func(i int) {
				t.line("\ts%d, err := c.WatchOrders(ctx, nil)\n\tif err != nil {\n\t\treturn err\n\t}\n\tfor {\n\t\tif _, err := s%d.Recv(); err == io.EOF {\n\t\t\tbreak\n\t\t} else if err != nil {\n\t\t\treturn err\n\t\t}\n\t}", i, i)
			})
			t.line("\treturn nil\n}\nvar _ = f")
		}),
		program("stream-sends", 250, func(t *text, n int) {
			t.line("func f(ctx context.Context, c orderpb.OrderServiceClient) error {\n\ts, err := c.Chat(ctx)\n\tif err != nil {\n\t\treturn err\n\t}")
			t.repeat(n, func(i int) {
				t.line("\tif err := s.Send(&orderpb.ChatMessage{}); err != nil {\n\t\treturn err\n\t}\n\tif _, err := s.Recv(); err != nil {\n\t\treturn err\n\t}")
			})
			t.line("\treturn s.CloseSend()\n}\nvar _ = f")
		}),
		program("stream-locks", 125, func(t *text, n int) {
			t.line("func f(ctx context.Context, c orderpb.OrderServiceClient, mu *sync.Mutex) error {\n\ts, err := c.Chat(ctx)\n\tif err != nil {\n\t\treturn err\n\t}")
			t.repeat(n, func(i int) {
				t.line("\tmu.Lock()\n\ts.Send(&orderpb.ChatMessage{})\n\tmu.Unlock()\n\tgo func() {\n\t\tmu.Lock()\n\t\tdefer mu.Unlock()\n\t\ts.Send(nil)\n\t}()")
			})
			t.line("\treturn s.CloseSend()\n}\nvar _ = f")
		}),
		program("stream-functions", 50, func(t *text, n int) {
			t.line("type s struct{ orderpb.UnimplementedOrderServiceServer }")
			t.line("func (s *s) Chat(stream grpc.BidiStreamingServer[orderpb.ChatMessage, orderpb.ChatMessage]) error { return h0(stream) }")
			t.repeat(n, func(i int) {
				t.line("func h%d(stream grpc.BidiStreamingServer[orderpb.ChatMessage, orderpb.ChatMessage]) error {\n\tif err := h%d(stream); err != nil {\n\t\treturn err\n\t}\n\tgo h%d(stream)\n\treturn h%d(stream)\n}", i, i+1, i+1, i+1)
			})
			t.line("func h%d(stream grpc.BidiStreamingServer[orderpb.ChatMessage, orderpb.ChatMessage]) error {\n\tfor {\n\t\tm, err := stream.Recv()\n\t\tif err != nil {\n\t\t\treturn err\n\t\t}\n\t\tif err := stream.Send(m); err != nil {\n\t\t\treturn err\n\t\t}\n\t}\n}", n)
		}),
		program("stream-nested-loops", 25, func(t *text, n int) {
			t.line("func f(ctx context.Context, c orderpb.OrderServiceClient, k []int) error {")
			t.repeat(n, func(i int) {
				t.line("\tfor range k {\n\ts%d, err := c.WatchOrders(ctx, nil)\n\tif err != nil {\n\t\tcontinue\n\t}\n\tif _, err := s%d.Recv(); err != nil {\n\t\tcontinue\n\t}", i, i)
			})
			t.repeat(n, func(i int) { t.line("\t}") })
			t.line("\treturn nil\n}\nvar _ = f")
		}),
	}
}
