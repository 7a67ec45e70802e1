// Package lostetag updates what it has read.
package lostetag

import (
	"context"

	"google.golang.org/protobuf/types/known/fieldmaskpb"

	"example.com/testdata/status/lostetag/load"
	pb "example.com/testdata/stubs/orderpb"
	"example.com/testdata/stubs/paypb"
)

// Bad.

func pay(ctx context.Context, client pb.OrderServiceClient) error {
	order, err := client.GetOrder(ctx, &pb.GetOrderRequest{Name: "orders/1"})
	if err != nil {
		return err
	}
	_, err = client.UpdateOrder(ctx, &pb.UpdateOrderRequest{
		Order: &pb.Order{Name: order.GetName(), State: pb.Order_STATE_PAID}, // want `a change that somebody makes in between is overwritten: this Order lacks the etag of order \[status/lost-etag\]`
	})
	return err
}

func limit(ctx context.Context, client paypb.PaymentServiceClient) error {
	account, err := client.GetAccount(ctx, &paypb.GetAccountRequest{Name: "accounts/1"})
	if err != nil {
		return err
	}
	if account.Limit.GetUnits() < 10 {
		_, err = client.UpdateAccount(ctx, &paypb.UpdateAccountRequest{Account: &paypb.Account{Name: account.Name, Limit: &paypb.Money{Units: 10}}}) // want `this Account lacks the etag of account`
	}
	return err
}

// masked is information: the last writer of the field may be meant to win.
func masked(ctx context.Context, client pb.OrderServiceClient) error {
	order, err := client.GetOrder(ctx, &pb.GetOrderRequest{Name: "orders/1"})
	if err != nil {
		return err
	}
	_, err = client.UpdateOrder(ctx, &pb.UpdateOrderRequest{
		Order:      &pb.Order{Name: order.GetName(), State: pb.Order_STATE_PAID}, // want info `lacks the etag of order`
		UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"state"}},
	})
	return err
}

func inVariables(ctx context.Context, client pb.OrderServiceClient) error {
	order, err := client.GetOrder(ctx, &pb.GetOrderRequest{Name: "orders/1"})
	if err != nil {
		return err
	}
	paid := &pb.Order{Name: order.GetName(), State: pb.Order_STATE_PAID} // want `this Order lacks the etag of order`
	req := &pb.UpdateOrderRequest{Order: paid}
	_, err = client.UpdateOrder(ctx, req)
	return err
}

func acrossPackages(ctx context.Context, client pb.OrderServiceClient) error {
	order, err := load.Order(ctx, client, "orders/1")
	if err != nil {
		return err
	}
	_, err = client.UpdateOrder(ctx, &pb.UpdateOrderRequest{
		Order: &pb.Order{Name: order.GetName(), State: pb.Order_STATE_PAID}, // want `this Order lacks the etag of order`
	})
	return err
}

func (k *keeper) pay(ctx context.Context) error {
	order, err := k.load(ctx)
	if err != nil {
		return err
	}
	_, err = k.client.UpdateOrder(ctx, &pb.UpdateOrderRequest{
		Order: &pb.Order{Name: order.GetName(), State: pb.Order_STATE_PAID}, // want `this Order lacks the etag of order`
	})
	return err
}

type keeper struct{ client pb.OrderServiceClient }

func (k *keeper) load(ctx context.Context) (*pb.Order, error) {
	return k.client.GetOrder(ctx, &pb.GetOrderRequest{Name: "orders/1"})
}

func helped(ctx context.Context, client pb.OrderServiceClient) error {
	order, err := client.GetOrder(ctx, &pb.GetOrderRequest{Name: "orders/1"})
	if err != nil {
		return err
	}
	_, err = client.UpdateOrder(ctx, request(paid(order)))
	return err
}

func request(order *pb.Order) *pb.UpdateOrderRequest { return &pb.UpdateOrderRequest{Order: order} }

func paid(order *pb.Order) *pb.Order {
	return &pb.Order{Name: order.GetName(), State: pb.Order_STATE_PAID} // want `this Order lacks the etag of order`
}

func rewritten(ctx context.Context, client pb.OrderServiceClient) error {
	order, err := client.GetOrder(ctx, &pb.GetOrderRequest{Name: "orders/1"})
	if err != nil {
		return err
	}
	_, err = client.UpdateOrder(ctx, &pb.UpdateOrderRequest{Order: load.Paid(order)}) // want `this Order lacks the etag of order` at "load.Paid(order)"
	return err
}

// Silent.

func shippedElsewhere(ctx context.Context, client pb.OrderServiceClient) error {
	order, err := client.GetOrder(ctx, &pb.GetOrderRequest{Name: "orders/1"})
	if err != nil {
		return err
	}
	_, err = client.UpdateOrder(ctx, &pb.UpdateOrderRequest{Order: load.Shipped(order)})
	return err
}

func unreadHelped(ctx context.Context, client pb.OrderServiceClient, order *pb.Order) error {
	_, err := client.UpdateOrder(ctx, &pb.UpdateOrderRequest{Order: paid(order)})
	return err
}

func stamped(ctx context.Context, client pb.OrderServiceClient) error {
	order, err := client.GetOrder(ctx, &pb.GetOrderRequest{Name: "orders/1"})
	if err != nil {
		return err
	}
	next := &pb.Order{Name: order.GetName(), State: pb.Order_STATE_PAID}
	stamp(next, order)
	_, err = client.UpdateOrder(ctx, request(next))
	return err
}

func stamp(next, order *pb.Order) { next.Etag = order.GetEtag() }

func stampedLater(ctx context.Context, client pb.OrderServiceClient) error {
	order, err := client.GetOrder(ctx, &pb.GetOrderRequest{Name: "orders/1"})
	if err != nil {
		return err
	}
	next := shipped(order)
	next.Etag = order.GetEtag()
	_, err = client.UpdateOrder(ctx, request(next))
	return err
}

func shipped(order *pb.Order) *pb.Order { return &pb.Order{Name: order.GetName()} }

func same(ctx context.Context, client pb.OrderServiceClient) error {
	order, err := client.GetOrder(ctx, &pb.GetOrderRequest{Name: "orders/1"})
	if err != nil {
		return err
	}
	order.State = pb.Order_STATE_PAID
	_, err = client.UpdateOrder(ctx, &pb.UpdateOrderRequest{Order: order})
	return err
}

func carried(ctx context.Context, client pb.OrderServiceClient) error {
	order, err := client.GetOrder(ctx, &pb.GetOrderRequest{Name: "orders/1"})
	if err != nil {
		return err
	}
	_, err = client.UpdateOrder(ctx, &pb.UpdateOrderRequest{
		Order: &pb.Order{Name: order.GetName(), State: pb.Order_STATE_PAID, Etag: order.GetEtag()},
	})
	return err
}

func another(ctx context.Context, client pb.OrderServiceClient, name string) error {
	if _, err := client.GetOrder(ctx, &pb.GetOrderRequest{Name: "orders/1"}); err != nil {
		return err
	}
	_, err := client.UpdateOrder(ctx, &pb.UpdateOrderRequest{Order: &pb.Order{Name: name}})
	return err
}

func created(ctx context.Context, client pb.OrderServiceClient) error {
	order, err := client.GetOrder(ctx, &pb.GetOrderRequest{Name: "orders/1"})
	if err != nil {
		return err
	}
	_, err = client.CreateOrder(ctx, &pb.CreateOrderRequest{Order: &pb.Order{Customer: order.GetCustomer()}})
	return err
}

func unread(ctx context.Context, client pb.OrderServiceClient, order *pb.Order) error {
	_, err := client.UpdateOrder(ctx, &pb.UpdateOrderRequest{Order: &pb.Order{Name: order.GetName()}})
	return err
}

func listed(ctx context.Context, client pb.OrderServiceClient) error {
	resp, err := client.ListOrders(ctx, &pb.ListOrdersRequest{})
	if err != nil {
		return err
	}
	for _, order := range resp.GetOrders() {
		if _, err := client.UpdateOrder(ctx, &pb.UpdateOrderRequest{Order: &pb.Order{Name: order.GetName()}}); err != nil {
			return err
		}
	}
	return nil
}

func changed(ctx context.Context, client pb.OrderServiceClient) error {
	order, err := client.GetOrder(ctx, &pb.GetOrderRequest{Name: "orders/1"})
	if err != nil {
		return err
	}
	paid := &pb.Order{Name: order.GetName(), State: pb.Order_STATE_PAID}
	paid.Etag = order.GetEtag()
	_, err = client.UpdateOrder(ctx, &pb.UpdateOrderRequest{Order: paid})
	return err
}

func draft(ctx context.Context, client pb.OrderServiceClient) error {
	order, err := load.Draft("orders/1")
	if err != nil {
		return err
	}
	_, err = client.UpdateOrder(ctx, &pb.UpdateOrderRequest{Order: &pb.Order{Name: order.GetName()}})
	return err
}

func deleted(ctx context.Context, client pb.OrderServiceClient) error {
	order, err := client.GetOrder(ctx, &pb.GetOrderRequest{Name: "orders/1"})
	if err != nil {
		return err
	}
	_, err = client.DeleteOrder(ctx, &pb.DeleteOrderRequest{Name: order.GetName(), Etag: order.GetEtag()})
	return err
}
