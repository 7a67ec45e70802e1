package status

import (
	"fmt"

	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/protocheck/serviceconfig"
)

// etagCodeFlag says which code the program answers a stale etag with.
const etagCodeFlag = "etag-code"

// A codeFlag is a flag.Value: a status code by its name, such as ABORTED.
type codeFlag int

func (c *codeFlag) String() string { return serviceconfig.CodeName(int(*c)) }

// Set takes the name of a code.
func (c *codeFlag) Set(text string) error {
	for code := 0; serviceconfig.CodeName(code) != ""; code++ {
		if serviceconfig.CodeName(code) == text {
			*c = codeFlag(code)
			return nil
		}
	}
	return fmt.Errorf("%q is no status code (such as \"ABORTED\")", text)
}

// etagCode returns the code that the program answers a stale etag with.
func etagCode(pass *report.Pass) uint64 {
	return uint64(*pass.Analyzer.Flags.Lookup(etagCodeFlag).Value.(*codeFlag))
}
