package concurrentsend

import (
	"context"
	"net"
)

var lookupHost = net.DefaultResolver.LookupHost

func addresses(ctx context.Context, host string) ([]string, error) { return lookupHost(ctx, host) }
