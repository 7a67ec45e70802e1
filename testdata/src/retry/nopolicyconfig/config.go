// Package nopolicyconfig has a policy.
package nopolicyconfig

import "google.golang.org/grpc"

func beside(config string) grpc.DialOption { return grpc.WithDefaultServiceConfig(config) }

func limit() grpc.DialOption { return grpc.WithMaxCallAttempts(3) }

func again(n int) grpc.DialOption { return grpc.WithMaxCallAttempts(n) }
