package serviceconfig

import "strings"

// DialectOf tells the dialect by a file's name: Google's client libraries
// are generated from files of one naming scheme.
func DialectOf(filename string) Dialect {
	if strings.HasSuffix(filename, "_grpc_service_config.json") {
		return GAPIC
	}
	return Runtime
}
