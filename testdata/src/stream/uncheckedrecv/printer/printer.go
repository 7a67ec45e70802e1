// Package printer prints messages.
package printer

import (
	"log"

	pb "example.com/testdata/stubs/orderpb"
)

// Text prints a message.
func Text(m *pb.ChatMessage) { log.Print(m.Text) }

// TextIf prints a message, if there is one.
func TextIf(m *pb.ChatMessage) {
	if m != nil {
		log.Print(m.Text)
	}
}

// TextUnless prints a message, if it is there.
func TextUnless(m *pb.ChatMessage, err error) {
	if err == nil {
		log.Print(m.Text)
	}
}
