// Package told tells of statuses.
package told

import (
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// Code is that of a status.
func Code(st *status.Status) codes.Code { return st.Code() }
