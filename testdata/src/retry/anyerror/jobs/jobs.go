// Package jobs has requests that are made later.
package jobs

import (
	"context"

	pb "example.com/testdata/stubs/orderpb"
)

// A Job is one request.
type Job struct{ req *pb.DeleteOrderRequest }

// New makes a job.
func New(name string) *Job { return &Job{&pb.DeleteOrderRequest{Name: name}} }

// Do makes the request.
func (j *Job) Do(ctx context.Context, client pb.OrderServiceClient) error {
	_, err := client.DeleteOrder(ctx, j.req)
	return err
}
