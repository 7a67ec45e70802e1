// Package helper sends for others.
package helper

import pb "example.com/testdata/stubs/orderpb"

// SendAll returns the error of Send.
func SendAll(stream pb.OrderService_UploadOrdersClient, requests []*pb.UploadOrdersRequest) error {
	for _, r := range requests {
		if err := stream.Send(r); err != nil {
			return err
		}
	}
	return nil
}

// Upload asks for the status.
func Upload(stream pb.OrderService_UploadOrdersClient, requests []*pb.UploadOrdersRequest) error {
	for _, r := range requests {
		if stream.Send(r) != nil {
			break
		}
	}
	_, err := stream.CloseAndRecv()
	return err
}
