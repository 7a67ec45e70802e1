// Package replyanderror returns replies that no client sees.
package replyanderror

import (
	"context"
	"errors"
	"fmt"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"

	"example.com/testdata/status/replyanderror/made"
	"example.com/testdata/stubs/paypb"
)

type server struct {
	paypb.UnimplementedPaymentServiceServer
}

// Bad.

func (s *server) Charge(ctx context.Context, req *paypb.ChargeRequest) (*paypb.Payment, error) {
	if req.GetAccount() == "" {
		return &paypb.Payment{Error: "no account"}, status.Error(codes.InvalidArgument, "no account") // want `clients never see this Payment: grpc-go sends either a reply or an error, here the error \[status/reply-and-error\]`
	}
	if err := check(req.GetAccount()); err != nil {
		return &paypb.Payment{Error: err.Error()}, err // want `clients never see this Payment`
	}
	return &paypb.Payment{}, nil
}

func (s *server) Refund(ctx context.Context, req *paypb.RefundRequest) (*paypb.Payment, error) {
	return &paypb.Payment{Name: "x"}, fmt.Errorf("refund %s: %w", req.GetRequestId(), status.Error(codes.Unimplemented, "refund")) // want `clients never see this Payment`
}

func (s *server) GetAccount(ctx context.Context, req *paypb.GetAccountRequest) (*paypb.Account, error) {
	err := check(req.GetName())
	if err != nil {
		if req.GetName() == "closed" {
			return &paypb.Account{State: paypb.Account_STATE_CLOSED}, err // want `clients never see this Account`
		}
		return nil, err
	}
	return &paypb.Account{}, nil
}

func (s *server) ListPayments(ctx context.Context, req *paypb.ListPaymentsRequest) (*paypb.ListPaymentsResponse, error) {
	return &paypb.ListPaymentsResponse{Payments: []*paypb.Payment{{Name: "x"}}}, status.Errorf(codes.DataLoss, "some are lost") // want `clients never see this ListPaymentsResponse`
}

type imported struct {
	paypb.UnimplementedPaymentServiceServer
}

func (s *imported) Charge(ctx context.Context, req *paypb.ChargeRequest) (*paypb.Payment, error) {
	if req.GetAccount() == "" {
		return made.Declined("no account"), noAccount() // want `clients never see this Payment`
	}
	return made.Empty("not implemented"), noAccount()
}

type sharing struct {
	paypb.UnimplementedPaymentServiceServer
}

func (s *sharing) Charge(ctx context.Context, req *paypb.ChargeRequest) (*paypb.Payment, error) {
	if err := check(req.GetAccount()); err != nil {
		failed := func() *paypb.Payment { return &paypb.Payment{Error: err.Error()} }
		return failed(), err // want `clients never see this Payment`
	}
	return &paypb.Payment{}, nil
}

type helped struct {
	paypb.UnimplementedPaymentServiceServer
}

func (s *helped) Charge(ctx context.Context, req *paypb.ChargeRequest) (*paypb.Payment, error) {
	if req.GetAccount() == "" {
		return declined("no account"), noAccount() // want `clients never see this Payment`
	}
	return declined("not implemented"), nil
}

func declined(text string) *paypb.Payment { return &paypb.Payment{Error: text} }

func noAccount() error { return status.Error(codes.InvalidArgument, "no account") }

func check(name string) error {
	if name == "" {
		return status.Error(codes.InvalidArgument, "no name")
	}
	return nil
}

// Silent.

type second struct {
	paypb.UnimplementedPaymentServiceServer
}

func (s *second) Charge(ctx context.Context, req *paypb.ChargeRequest) (*paypb.Payment, error) {
	if req.GetAccount() == "" {
		return &paypb.Payment{}, status.Error(codes.InvalidArgument, "no account")
	}
	if err := check(req.GetAccount()); err != nil {
		return nil, err
	}
	return &paypb.Payment{Error: "none"}, nil
}

func (s *second) Refund(ctx context.Context, req *paypb.RefundRequest) (*paypb.Payment, error) {
	payment := &paypb.Payment{Name: "refund"}
	err := check(req.GetRequestId())
	return payment, err // may be nil
}

func (s *second) GetAccount(ctx context.Context, req *paypb.GetAccountRequest) (*paypb.Account, error) {
	return &paypb.Account{Name: "", Limit: nil, State: paypb.Account_STATE_UNSPECIFIED}, status.Error(codes.NotFound, "no account")
}

func (s *second) SetLimit(ctx context.Context, req *paypb.SetLimitRequest) (*paypb.Account, error) {
	err := check(req.GetAccount())
	if err != nil {
		err = nil
		return &paypb.Account{Name: "repaired"}, err
	}
	return &paypb.Account{Name: "x"}, err
}

func (s *second) DeleteAccount(ctx context.Context, req *paypb.DeleteAccountRequest) (*emptypb.Empty, error) {
	return &emptypb.Empty{}, status.Error(codes.Unimplemented, "delete")
}

func (s *second) GetPayment(ctx context.Context, req *paypb.GetPaymentRequest) (*paypb.Payment, error) {
	if err := check(req.GetName()); err != nil {
		answer := func() (*paypb.Payment, error) { return &paypb.Payment{Name: "x"}, errors.New("no handler") }
		payment, _ := answer()
		return payment, nil
	}
	return &paypb.Payment{Name: "x"}, status.Error(codes.OK, "fine") // want info `status/ok-error`
}

// Charge of steps returns what it has got so far, on every way.
func (s *steps) Charge(ctx context.Context, req *paypb.ChargeRequest) (*paypb.Payment, error) {
	payment := &paypb.Payment{Name: req.GetAccount()}
	if err := check(req.GetAccount()); err != nil {
		return payment, err
	}
	return payment, nil
}

// Refund of steps returns a reply only if there is no error.
func (s *steps) Refund(ctx context.Context, req *paypb.RefundRequest) (*paypb.Payment, error) {
	payment, err := s.refund(req)
	if err != nil {
		return payment, err
	}
	return payment, check(payment.GetName())
}

func (s *steps) refund(req *paypb.RefundRequest) (*paypb.Payment, error) {
	if err := check(req.GetRequestId()); err != nil {
		return nil, err
	}
	return &paypb.Payment{Name: "refund"}, nil
}

type steps struct {
	paypb.UnimplementedPaymentServiceServer
}

// Get is no handler: who calls it sees both.
func (s *second) Get(ctx context.Context, name string) (*paypb.Payment, error) {
	return &paypb.Payment{Name: name}, errors.New("stale")
}
