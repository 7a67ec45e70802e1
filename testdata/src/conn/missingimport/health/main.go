// Command health uses a library that asks for health checking.
package main

import "example.com/testdata/conn/missingimport/library"

func main() { // want `^health checking is silently off: no import of google.golang.org/grpc/health in this program, library asks for it \[conn/missing-import\]$`
	library.Use()
}
