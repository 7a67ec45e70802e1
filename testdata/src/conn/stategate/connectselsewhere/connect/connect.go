// Package connect connects.
package connect

import "google.golang.org/grpc"

// Now does not wait for an RPC.
func Now(conn *grpc.ClientConn) { conn.Connect() }
