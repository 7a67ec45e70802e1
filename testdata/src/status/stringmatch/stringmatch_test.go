package stringmatch

import (
	"context"
	"strings"
	"testing"

	pb "example.com/testdata/stubs/orderpb"
)

func testText(t *testing.T, client pb.OrderServiceClient) {
	_, err := client.GetOrder(context.Background(), &pb.GetOrderRequest{})
	if err == nil || !strings.Contains(err.Error(), "no such order") {
		t.Errorf("error is %v", err)
	}
}
