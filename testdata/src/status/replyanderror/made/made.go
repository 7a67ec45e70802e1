// Package made makes replies.
package made

import "example.com/testdata/stubs/paypb"

// Declined is a payment that says why there is none.
func Declined(text string) *paypb.Payment { return &paypb.Payment{Error: text} }

// Empty says nothing.
func Empty(text string) *paypb.Payment { return &paypb.Payment{} }
