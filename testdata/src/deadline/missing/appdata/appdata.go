// Package appdata keeps contexts in what commands share.
package appdata

import (
	"context"
	"time"

	"example.com/testdata/deadline/missing/appdata/app"
	pb "example.com/testdata/stubs/orderpb"
)

func setUp(a *app.App) {
	a.Metadata = map[string]any{"literal": context.Background(), "name": "shop"}
	a.Metadata["put"] = context.Background()
	bounded, cancel := context.WithTimeout(context.Background(), time.Minute)
	a.Metadata["bounded"] = bounded
	a.Metadata["cancel"] = cancel
}

func ofLiteral(c *app.Context, orders pb.OrderServiceClient) error {
	ctx := c.App.Metadata["literal"].(context.Context)
	_, err := orders.GetOrder(ctx, nil) // want `OrderService.GetOrder can hang for ever: ctx comes from context.Background\(\) and has no deadline`
	return err
}

func ofHelper(c *app.Context, orders pb.OrderServiceClient) error {
	_, err := orders.ListOrders(contextOf(c), nil) // want `OrderService.ListOrders can hang for ever`
	return err
}

func contextOf(c *app.Context) context.Context {
	ctx, _ := c.App.Metadata["put"].(context.Context)
	return ctx
}

// Silent: under another key, or nobody knows what is there.

func ofBounded(c *app.Context, orders pb.OrderServiceClient) error {
	_, err := orders.GetOrder(c.App.Metadata["bounded"].(context.Context), nil)
	return err
}

func ofOthers(c *app.Context, orders pb.OrderServiceClient, key string) error {
	if _, err := orders.GetOrder(c.App.Metadata["given"].(context.Context), nil); err != nil {
		return err
	}
	_, err := orders.GetOrder(c.App.Metadata[key].(context.Context), nil)
	return err
}

var _ = []any{setUp, ofLiteral, ofHelper, ofBounded, ofOthers}
