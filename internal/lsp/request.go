package lsp

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/grpclint/grpclint/internal/lint"
	"github.com/grpclint/grpclint/internal/wholefile"
)

// A Request says what to check.
type Request struct {
	// Dir is the folder below which everything is checked.
	Dir string
	// Near is the folder of the one Go package that is looked at, as it is by
	// itself; "" for everything. With Tests its test files count.
	Near  string
	Tests bool
	// Listing is a file that holds what the go command says of that package.
	Listing string
	// Overlay holds what editors show and nobody has saved.
	Overlay wholefile.Overlay
}

// A Check does what a request says. Its error says why nothing could be checked.
// It returns soon if the context is cancelled.
type Check func(ctx context.Context, request Request) (*lint.Report, error)

// WriteRequest writes a request to a file, for [ReadRequest].
func WriteRequest(file string, request Request) error {
	text, err := json.Marshal(request)
	if err != nil {
		return err
	}
	return wholefile.Write(file, text)
}

// ReadRequest reads a request.
func ReadRequest(file string) (request Request, err error) {
	text, err := wholefile.Read(file, wholefile.Text)
	if err == nil {
		err = json.Unmarshal(text, &request)
	}
	if err != nil {
		return request, fmt.Errorf("internal error: no request: %w", err)
	}
	return request, nil
}
