package stub

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/grpclint/grpclint/protocheck/method/rawdesc"
)

// descriptors finds the file descriptors that generated code embeds:
//
//	const file_order_proto_rawDesc = "" + "\n" + "\vorder.proto..."       // protoc-gen-go today
//	var file_order_proto_rawDesc = string([]byte{0x0a, 0x0b, ...})          // for a while before
//	var file_order_proto_rawDesc = []byte{0x0a, 0x0b, ...}                  // before
//	var fileDescriptor_592445b5231bc2b9 = []byte{0x1f, 0x8b, ...}           // golang/protobuf 1.3, gogo: gzipped
//
// They are known by how they begin, whatever their names are.
func descriptors(pass *analysis.Pass) *rawdesc.Files {
	files := new(rawdesc.Files)
	for _, file := range pass.Files {
		for _, decl := range file.Decls {
			decl, ok := decl.(*ast.GenDecl)
			if !ok || decl.Tok != token.VAR && decl.Tok != token.CONST {
				continue
			}
			for _, spec := range decl.Specs {
				spec := spec.(*ast.ValueSpec)
				if len(spec.Names) != 1 || len(spec.Values) != 1 {
					continue
				}
				if raw := embedded(pass.TypesInfo, spec.Values[0]); isDescriptor(raw) {
					_ = files.Add(raw) // what is broken tells nothing
				}
			}
		}
	}
	return files
}

// embedded returns the bytes of an initial value that is a constant string
// or a list of constant bytes.
func embedded(info *types.Info, value ast.Expr) []byte {
	if v := info.Types[value].Value; v != nil {
		if v.Kind() != constant.String {
			return nil
		}
		return []byte(constant.StringVal(v))
	}
	value = ast.Unparen(value)
	if call, ok := value.(*ast.CallExpr); ok && len(call.Args) == 1 {
		if to := info.Types[call.Fun]; !to.IsType() || !types.Identical(to.Type.Underlying(), types.Typ[types.String]) {
			return nil // string(...) is all that generators call
		}
		value = ast.Unparen(call.Args[0])
	}
	list, ok := value.(*ast.CompositeLit)
	if !ok || len(list.Elts) < 16 {
		return nil
	}
	first, ok := byteOf(list.Elts[0])
	if !ok || first != 0x0a && first != 0x1f {
		return nil // neither the name of a file nor gzipped
	}
	raw := make([]byte, len(list.Elts))
	for i, elt := range list.Elts {
		if raw[i], ok = byteOf(elt); !ok {
			return nil
		}
	}
	return raw
}

// byteOf reads 0x1f and 10, as generators write bytes.
func byteOf(e ast.Expr) (byte, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.INT {
		return 0, false
	}
	v, err := strconv.ParseUint(lit.Value, 0, 8)
	return byte(v), err == nil
}

// isDescriptor: gzipped, or the name of a .proto file as the first field.
func isDescriptor(raw []byte) bool {
	if rawdesc.IsGzip(raw) {
		return true
	}
	if len(raw) < 16 || raw[0] != 0x0a {
		return false
	}
	// The length is a varint: no file's name has 128 times 128 bytes.
	length, rest := int(raw[1]), raw[2:]
	if length >= 0x80 {
		length, rest = length&0x7f|int(raw[2])<<7, raw[3:]
	}
	return length <= len(rest) && strings.HasSuffix(string(rest[:length]), ".proto")
}
