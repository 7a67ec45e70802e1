// Package web serves, and names neither package context nor anything that
// takes one.
package web

import (
	"net/http"

	_ "google.golang.org/grpc/codes"
	_ "google.golang.org/grpc/health/grpc_health_v1"
)

// Run serves.
func Run(address string) error { return http.ListenAndServe(address, nil) }
