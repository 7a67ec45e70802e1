// Command cmd disables retries.
package main

import (
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"example.com/testdata/serviceconfig/methods/programs/noretry/config"
)

func main() {
	creds := grpc.WithTransportCredentials(insecure.NewCredentials())
	conn, err := grpc.NewClient("dns:///payments", creds, grpc.WithDisableRetry(), config.Unused())
	if err == nil {
		conn.Close()
	}
	if conn, err = grpc.NewClient("dns:///payments", creds, config.Used()); err == nil {
		conn.Close()
	}
}
