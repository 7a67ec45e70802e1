#!/bin/sh
# Writes gen/ again from proto/. Needs Go and protoc (3.21.12, package
# protobuf-compiler of Debian 12) with the google/protobuf/*.proto files that
# come with it; the generators are fetched at fixed versions into a temporary
# folder. Run it anywhere:
#
#	sh testdata/src/shop/gen.sh
#
# PROTOC names another protoc.
set -eu

cd "$(dirname "$0")"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

(cd "$tmp" && GOBIN="$tmp" GOFLAGS= go install google.golang.org/protobuf/cmd/protoc-gen-go@v1.36.12)
(cd "$tmp" && GOBIN="$tmp" GOFLAGS= go install google.golang.org/grpc/cmd/protoc-gen-go-grpc@v1.6.2)

rm -rf gen
mkdir gen
PATH="$tmp:$PATH" "${PROTOC:-protoc}" -I proto \
	--go_out=gen --go_opt=module=example.com/testdata/shop/gen \
	--go-grpc_out=gen --go-grpc_opt=module=example.com/testdata/shop/gen \
	order/v1/order.proto payment/v1/payment.proto warehouse/v1/warehouse.proto ledger/v1/ledger.proto
