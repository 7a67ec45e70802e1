package literal

import (
	"fmt"

	"google.golang.org/grpc"
)

// chosenConfig is "" where there is none.
func chosenConfig(balancer string, pick bool) string {
	if pick {
		return `{"loadBalancingConfig": [{"pick_first": {}}]}`
	}
	if balancer != "" {
		return fmt.Sprintf(`{"loadBalancingConfig": %s}`, balancer)
	}
	return ""
}

// Silent: it is not given if there is none.
func guarded(addr, balancer string, pick bool, opts ...grpc.DialOption) (*grpc.ClientConn, error) {
	if config := chosenConfig(balancer, pick); config != "" {
		opts = append(opts, grpc.WithDefaultServiceConfig(config))
	}
	return grpc.NewClient(addr, opts...)
}

func guardedEarly(addr, balancer string, pick bool, opts ...grpc.DialOption) (*grpc.ClientConn, error) {
	config := chosenConfig(balancer, pick)
	if config == "" {
		return grpc.NewClient(addr, opts...)
	}
	return grpc.NewClient(addr, append(opts, grpc.WithDefaultServiceConfig(config))...)
}

func guardedAround(addr, balancer string, pick bool, opts ...grpc.DialOption) (*grpc.ClientConn, error) {
	config := chosenConfig(balancer, pick)
	if config == "" {
		return grpc.NewClient(addr, opts...)
	}
	withConfig := func() grpc.DialOption { return grpc.WithDefaultServiceConfig(config) }
	return grpc.NewClient(addr, append(opts, withConfig())...)
}

// Bad: another text is looked for.
func guardedOtherwise(addr, balancer string, pick bool, opts ...grpc.DialOption) (*grpc.ClientConn, error) {
	if config := chosenConfig(balancer, pick); config != "{}" {
		opts = append(opts, grpc.WithDefaultServiceConfig(config)) // want `grpc-go refuses the config, which is no JSON: it is empty`
	}
	return grpc.NewClient(addr, opts...)
}
