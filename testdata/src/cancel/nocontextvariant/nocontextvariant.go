// Package nocontextvariant tests cancel/no-context-variant.
package nocontextvariant

import (
	"context"
	"database/sql"
	"net/http"
	"os/exec"

	"example.com/testdata/cancel/nocontextvariant/git"
	pb "example.com/testdata/stubs/orderpb"
)

type server struct {
	pb.UnimplementedOrderServiceServer
	db     *sql.DB
	client *http.Client
}

func (s *server) GetOrder(ctx context.Context, r *pb.GetOrderRequest) (*pb.Order, error) {
	rows, err := s.db.Query("select name from orders where name = ?", r.GetName()) // want `^GetOrder goes on when its client has gone: Query does not end with the context, QueryContext does \[cancel/no-context-variant\]$`
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	if err := s.db.Ping(); err != nil { // want `PingContext does`
		return nil, err
	}
	return s.fetch(ctx, r.GetName())
}

func (s *server) fetch(ctx context.Context, name string) (*pb.Order, error) {
	req, err := http.NewRequest(http.MethodGet, "http://orders/"+name, nil) // want `^GetOrder goes on when its client has gone \(server.fetch\): NewRequest does not end with the context, NewRequestWithContext does`
	if err != nil {
		return nil, err
	}
	resp, err := s.client.Do(req)
	if err != nil {
		return nil, err
	}
	return &pb.Order{}, resp.Body.Close()
}

func (s *server) WatchOrders(r *pb.WatchOrdersRequest, stream pb.OrderService_WatchOrdersServer) error {
	if err := exec.Command("refresh").Run(); err != nil { // want `WatchOrders goes on when its client has gone: Command does not end`
		return err
	}
	resp, err := http.Get("http://orders") // want `Get does not end with the context \[`
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

// What follows is right.

type right struct {
	pb.UnimplementedOrderServiceServer
	db *sql.DB
}

func (s *right) GetOrder(ctx context.Context, r *pb.GetOrderRequest) (*pb.Order, error) {
	row := s.db.QueryRowContext(ctx, "select name from orders where name = ?", r.GetName())
	return &pb.Order{}, row.Err()
}

func (s *right) ListOrders(ctx context.Context, r *pb.ListOrdersRequest) (*pb.ListOrdersResponse, error) {
	go func() { _, _ = s.db.Exec("analyze") }()
	return &pb.ListOrdersResponse{}, ctx.Err()
}

func migrate(db *sql.DB) error {
	_, err := db.Exec("create table orders")
	return err
}

func (s *right) reload(ctx context.Context) error {
	return exec.Command("reload").Run()
}

// Silent: the context comes later.

type later struct {
	pb.UnimplementedOrderServiceServer
	client *http.Client
}

func (s *later) GetOrder(ctx context.Context, r *pb.GetOrderRequest) (*pb.Order, error) {
	req, err := http.NewRequest(http.MethodGet, "http://orders/"+r.GetName(), nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("accept", "text/plain")
	resp, err := s.client.Do(req.WithContext(ctx))
	if err != nil {
		return nil, err
	}
	return &pb.Order{}, resp.Body.Close()
}

func (s *later) ListOrders(ctx context.Context, r *pb.ListOrdersRequest) (*pb.ListOrdersResponse, error) {
	req, err := http.NewRequest(http.MethodGet, "http://orders", nil)
	if err != nil {
		return nil, err
	}
	return &pb.ListOrdersResponse{}, s.do(ctx, req)
}

func (s *later) do(ctx context.Context, req *http.Request) error {
	resp, err := s.client.Do(req.WithContext(ctx))
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

func (s *later) DeleteOrder(ctx context.Context, r *pb.DeleteOrderRequest) (*pb.Order, error) {
	cmd := exec.Command("remove", r.GetName())
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	defer context.AfterFunc(ctx, func() { _ = cmd.Process.Kill() })()
	return &pb.Order{}, cmd.Wait()
}

// Helpers of packages that know nothing of gRPC.

type repository struct {
	pb.UnimplementedOrderServiceServer
}

func (s *repository) GetOrder(ctx context.Context, r *pb.GetOrderRequest) (*pb.Order, error) {
	if err := git.Run(ctx, "pull"); err != nil { // want `^GetOrder goes on when its client has gone \(Run → run\): Command does not end with the context, CommandContext does`
		return nil, err
	}
	if err := git.RunWith(ctx, "push"); err != nil {
		return nil, err
	}
	if err := git.Fetch(ctx, "http://orders"); err != nil {
		return nil, err
	}
	if err := git.Clean(); err != nil {
		return nil, err
	}
	if _, err := http.DefaultClient.Do(git.Request().WithContext(ctx)); err != nil {
		return nil, err
	}
	return &pb.Order{}, git.Version() // want `^GetOrder goes on when its client has gone \(Version\): Command does not end with the context, CommandContext does`
}
