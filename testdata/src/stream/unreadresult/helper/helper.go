// Package helper finishes uploads.
package helper

import pb "example.com/testdata/stubs/orderpb"

// Finish asks for the answer.
func Finish(stream pb.OrderService_UploadOrdersClient) error {
	_, err := stream.CloseAndRecv()
	return err
}

// SendAll does not.
func SendAll(stream pb.OrderService_UploadOrdersClient, n int) {
	for range n {
		stream.Send(nil) // want info `stream/ignored-send`
	}
}
