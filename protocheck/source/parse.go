package source

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/bufbuild/protocompile/ast"
	"github.com/bufbuild/protocompile/parser"
	"github.com/bufbuild/protocompile/reporter"
	"google.golang.org/protobuf/types/descriptorpb"

	"github.com/grpclint/grpclint/internal/wholefile"
)

// andMore is said with the last error of a file that is given up.
const andMore = " (and perhaps more)"

// maxErrors is the number of errors after which a file is given up.
const maxErrors = 10

// read reads a file and notes what cannot be read.
func (f *File) read() ([]byte, bool) {
	if f.builtin != "" {
		return []byte(f.builtin), true
	}
	text, err := f.overlay.ReadOwn(f.Path, maxSize)
	if err != nil {
		f.fail(noOffset, wholefile.Reason(err).Error()) // the path is told anyway
	}
	return text, err == nil
}

// noOffset is that of errors about a file as a whole.
const noOffset = -1

// fail notes an error at an offset of the text.
func (f *File) fail(offset int, message string) {
	f.Errors = append(f.Errors, Error{Offset: offset, Message: message})
}

// parse makes the descriptor without what other files have to say.
func (f *File) parse() {
	text, ok := f.read()
	if !ok {
		return
	}
	f.size = len(text)
	f.directed = bytes.Contains(text, []byte("//grpclint:")) || bytes.Contains(text, []byte("nolint"))
	scanned := withoutComments(text, false)
	for _, flaw := range scanned.flaws {
		f.fail(flaw.offset, flaw.message)
		if flaw.fatal {
			return
		}
	}
	tree, errs := parseText(f.Path, scanned.code)
	if len(errs) == 0 {
		f.proto = tree.FileDescriptorProto()
		f.pending = pendingOptions(tree)
		f.note()
		return
	}
	// Now the places count.
	_, errs = parseText(f.Path, withoutComments(text, true).code)
	for _, err := range errs {
		f.fail(err.offset, err.message)
	}
}

// note keeps what is asked for before files are linked.
func (f *File) note() {
	f.pkg = f.proto.GetPackage()
	f.imports = f.proto.Dependency
	f.public = make([]bool, len(f.imports))
	for _, i := range f.proto.PublicDependency {
		f.public[i] = true
	}
}

// A parseError is what the parser has to say.
type parseError struct {
	offset  int
	message string
}

// parseText parses a text without comments.
func parseText(name string, code []byte) (result parser.Result, errs []parseError) {
	defer func() {
		if r := recover(); r != nil {
			result, errs = nil, []parseError{{0, fmt.Sprintf("internal error: the parser gives up: %v", r)}}
		}
	}()
	handler := reporter.NewHandler(reporter.NewReporter(func(err reporter.ErrorWithPos) error {
		errs = append(errs, parseError{err.GetPosition().Offset, message(err.Unwrap())})
		if len(errs) == maxErrors {
			errs[maxErrors-1].message += andMore
			return err
		}
		return nil
	}, nil))
	file, err := parser.Parse(name, bytes.NewReader(code), handler)
	if err != nil || file == nil {
		return nil, atLeastOne(errs, err)
	}
	result, err = parser.ResultFromAST(file, true, handler)
	if err != nil {
		return nil, atLeastOne(errs, err)
	}
	return result, nil
}

func atLeastOne(errs []parseError, err error) []parseError {
	if len(errs) == 0 {
		errs = []parseError{{0, fmt.Sprintf("does not parse: %v", err)}}
	}
	return errs
}

// message puts the parser's words into one line.
func message(err error) string {
	text := strings.Join(strings.Fields(err.Error()), " ")
	if rest, ok := strings.CutPrefix(text, "edition value "); ok {
		edition, _, _ := strings.Cut(rest, " ")
		return "edition " + strings.Trim(edition, `"`) + " is not known to this version of grpclint"
	}
	return text
}

// A pending element has options that wait for the imports, in which custom
// options are declared.
type pending struct {
	on      optionsMessage
	scope   string // full name of what the element is declared in
	field   *descriptorpb.FieldDescriptorProto
	options []option
}

// pendingOptions takes the options out of a file's elements, which keeps
// them small.
func pendingOptions(tree parser.Result) []pending {
	var all []pending
	eachOptions(tree.FileDescriptorProto(), func(scope string, on optionsMessage, field *descriptorpb.FieldDescriptorProto) {
		waiting := on.GetUninterpretedOption()
		if len(waiting) == 0 {
			return
		}
		p := pending{on: on, scope: scope, field: field, options: make([]option, 0, len(waiting))}
		for _, w := range waiting {
			if node, ok := tree.OptionNode(w).(*ast.OptionNode); ok {
				p.options = append(p.options, newOption(node))
			}
		}
		setUninterpreted(on, nil)
		all = append(all, p)
	})
	return all
}
