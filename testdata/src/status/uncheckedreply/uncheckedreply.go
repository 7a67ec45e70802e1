// Package uncheckedreply reads replies.
package uncheckedreply

import (
	"context"
	"fmt"
	"log"

	pb "example.com/testdata/stubs/orderpb"
)

var client pb.OrderServiceClient

func tooEarly(ctx context.Context, req *pb.GetOrderRequest) (string, error) {
	order, err := client.GetOrder(ctx, req)
	name := order.Name // want `panics whenever GetOrder fails: order is nil then, and nobody has looked at the error yet \[status/unchecked-reply\]`
	if err != nil {
		return "", err
	}
	return name, nil
}

func returned(ctx context.Context, req *pb.GetOrderRequest) (string, error) {
	order, err := client.GetOrder(ctx, req)
	return order.Name, err // want `status/unchecked-reply`
}

func printed(ctx context.Context, req *pb.GetOrderRequest) {
	order, err := client.GetOrder(ctx, req)
	fmt.Println(order.Name, err) // want `status/unchecked-reply`
}

func condition(ctx context.Context, req *pb.GetOrderRequest) error {
	order, err := client.GetOrder(ctx, req)
	if order.Name == "" || err != nil { // the first of both is the reply
		return fmt.Errorf("no order: %w", err)
	}
	return nil
}

func alone(ctx context.Context, req *pb.GetOrderRequest) error {
	order, err := client.GetOrder(ctx, req)
	if order.Name == "" { // want `status/unchecked-reply`
		return err
	}
	return nil
}

func ranged(ctx context.Context, req *pb.ListOrdersRequest) error {
	list, err := client.ListOrders(ctx, req)
	for _, order := range list.Orders { // want `status/unchecked-reply`
		log.Print(order)
	}
	return err
}

// The error comes first.
func checked(ctx context.Context, req *pb.GetOrderRequest) (string, error) {
	order, err := client.GetOrder(ctx, req)
	if err != nil {
		return "", err
	}
	return order.Name, nil
}

// Getters work on nil.
func getter(ctx context.Context, req *pb.GetOrderRequest) (string, error) {
	order, err := client.GetOrder(ctx, req)
	return order.GetName(), err
}

// Somebody looks whether there is one.
func compared(ctx context.Context, req *pb.GetOrderRequest) string {
	order, err := client.GetOrder(ctx, req)
	_ = err
	if order != nil {
		return order.Name
	}
	return ""
}

func both(ctx context.Context, req *pb.GetOrderRequest) bool {
	order, err := client.GetOrder(ctx, req)
	_ = err
	return order != nil && order.Name != ""
}

// It is handed on.
func handed(ctx context.Context, req *pb.GetOrderRequest) string {
	order, err := client.GetOrder(ctx, req)
	must(order, err)
	return order.Name
}

func must(_ *pb.Order, err error) {
	if err != nil {
		panic(err)
	}
}

// In a function that runs some time.
func later(ctx context.Context, req *pb.GetOrderRequest) (func() string, error) {
	order, err := client.GetOrder(ctx, req)
	name := func() string { return order.Name }
	return name, err
}

// The error is looked at in an if of its own.
func inIf(ctx context.Context, req *pb.GetOrderRequest) string {
	if order, err := client.GetOrder(ctx, req); err == nil {
		return order.Name
	}
	return ""
}

// A switch looks at it.
func inSwitch(ctx context.Context, req *pb.GetOrderRequest) string {
	order, err := client.GetOrder(ctx, req)
	switch {
	case err != nil:
		return err.Error()
	}
	return order.Name
}

// Another variable of the name.
func shadowed(ctx context.Context, req *pb.GetOrderRequest) (string, error) {
	order, err := client.GetOrder(ctx, req)
	{
		order := &pb.Order{Name: "a"}
		log.Print(order.Name)
	}
	return order.GetName(), err
}

// Not an RPC.
func own() (*pb.Order, error) { return &pb.Order{}, nil }

func notRemote() (string, error) {
	order, err := own()
	return order.Name, err
}

func assigned(ctx context.Context, req *pb.GetOrderRequest) (err error) {
	var order *pb.Order
	order, err = client.GetOrder(ctx, req)
	log.Print(order.Name) // want `status/unchecked-reply`
	return err
}
