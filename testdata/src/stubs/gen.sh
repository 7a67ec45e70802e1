#!/bin/sh
# Writes the generated code below stubs/ again. Needs Go and protoc (3.21.12,
# package protobuf-compiler of Debian 12) with the google/protobuf/*.proto files
# that come with it; everything else is fetched at fixed versions into a
# temporary folder. Run it anywhere:
#
#	sh testdata/src/stubs/gen.sh
#
# PROTOC names another protoc.
set -eu

cd "$(dirname "$0")"
protoc=${PROTOC:-protoc}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# install DIR PACKAGE@VERSION
install() {
	(cd "$tmp" && GOBIN="$tmp/$1" GOFLAGS= go install "$2")
}

# gen DIR PLUGINS ARG...: run protoc in DIR with the generators of PLUGINS only.
gen() {
	dir=$1 plugins=$2
	shift 2
	(cd "$dir" && PATH="$tmp/$plugins:$PATH" "$protoc" -I . "$@")
}

install today google.golang.org/protobuf/cmd/protoc-gen-go@v1.36.12
install today google.golang.org/grpc/cmd/protoc-gen-go-grpc@v1.6.2
install grpc12 google.golang.org/protobuf/cmd/protoc-gen-go@v1.28.1
install grpc12 google.golang.org/grpc/cmd/protoc-gen-go-grpc@v1.2.0
install grpc13 google.golang.org/protobuf/cmd/protoc-gen-go@v1.36.5
install grpc13 google.golang.org/grpc/cmd/protoc-gen-go-grpc@v1.3.0
install plugin github.com/golang/protobuf/protoc-gen-go@v1.3.5
install gogo github.com/gogo/protobuf/protoc-gen-gogofast@v1.3.2

# google/api/annotations.proto and google/api/http.proto, from a Go module that carries them.
googleapis=$(cd "$tmp" && go mod download -json github.com/grpc-ecosystem/grpc-gateway@v1.16.0 |
	sed -n 's/^\t"Dir": "\(.*\)",$/\1/p')/third_party/googleapis

go="--go_out=. --go_opt=paths=source_relative"
grpc="--go-grpc_out=. --go-grpc_opt=paths=source_relative"

# shellcheck disable=SC2086
{
	gen orderpb today $go $grpc -I "$googleapis" order.proto
	gen paypb today $go $grpc pay.proto
	gen validpb today $go $grpc valid.proto
	gen grpc12pb grpc12 $go $grpc grpc12.proto
	gen grpc13pb grpc13 $go $grpc grpc13.proto
	gen pluginpb plugin --go_out=plugins=grpc,paths=source_relative:. plugin.proto
	gen gogopb gogo --gogofast_out=plugins=grpc,paths=source_relative:. gogo.proto
}
