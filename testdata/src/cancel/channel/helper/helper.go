// Package helper hands out channels and reads them.
package helper

import (
	"context"

	pb "example.com/testdata/stubs/orderpb"
)

// A Broker has events.
type Broker struct{ events chan *pb.OrderEvent }

// Subscribe knows nothing of who asks.
func (b *Broker) Subscribe() <-chan *pb.OrderEvent { return b.events }

// SubscribeFor ends with the context.
func (b *Broker) SubscribeFor(ctx context.Context) <-chan *pb.OrderEvent { return b.events }

// Next waits.
func (b *Broker) Next(ctx context.Context) *pb.OrderEvent { return <-b.events }
