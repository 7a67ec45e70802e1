package leak

import (
	"errors"

	"google.golang.org/grpc"
)

// Of very many ways out some are named.
func manyWays(target string, steps [10]func() error) (*grpc.ClientConn, error) {
	conn, err := grpc.NewClient(target, creds) // want `conn leaks when manyWays returns at line 16`
	if err != nil {
		return nil, err
	}
	if steps[0]() != nil {
		return nil, errors.New("0")
	}
	if steps[1]() != nil {
		return nil, errors.New("1")
	}
	if steps[2]() != nil {
		return nil, errors.New("2")
	}
	if steps[3]() != nil {
		return nil, errors.New("3")
	}
	if steps[4]() != nil {
		return nil, errors.New("4")
	}
	if steps[5]() != nil {
		return nil, errors.New("5")
	}
	if steps[6]() != nil {
		return nil, errors.New("6")
	}
	if steps[7]() != nil {
		return nil, errors.New("7") // related `^returns without closing conn, and 2 more ways out do as much$`
	}
	if steps[8]() != nil {
		return nil, errors.New("8")
	}
	if steps[9]() != nil {
		return nil, errors.New("9")
	}
	return conn, nil
}
