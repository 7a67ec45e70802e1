package lsp

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Sizes of what a client may send. A message can hold the text of a file.
const (
	maxHeader  = 4 << 10
	maxMessage = 64 << 20
)

// frames are the messages of the protocol's base layer. Whoever sends
// something else is not understood any more: where the next message begins
// nobody knows.
type frames struct {
	in  *bufio.Reader
	out io.WriteCloser
}

func newFrames(in io.Reader, out io.WriteCloser) *frames {
	return &frames{bufio.NewReaderSize(in, maxHeader), out}
}

// Send is called by one goroutine at a time.
func (f *frames) Send(message []byte) error {
	frame := fmt.Appendf(nil, "Content-Length: %d\r\n\r\n", len(message))
	_, err := f.out.Write(append(frame, message...))
	return err
}

// Recv returns io.EOF if the client has gone between messages.
func (f *frames) Recv() ([]byte, error) {
	length, err := f.header()
	if err != nil {
		return nil, err
	}
	// Memory is taken for what is there, not for what is announced.
	var message bytes.Buffer
	if _, err := io.CopyN(&message, f.in, length); err != nil {
		return nil, unexpected(err)
	}
	return message.Bytes(), nil
}

// header returns how long the message is. Other fields than its length are of
// no use.
func (f *frames) header() (length int64, err error) {
	length = -1
	for read := 0; read <= maxHeader; {
		line, err := f.in.ReadSlice('\n')
		if errors.Is(err, bufio.ErrBufferFull) {
			break
		}
		if err != nil {
			if read == 0 && len(line) == 0 {
				return 0, err
			}
			return 0, unexpected(err)
		}
		read += len(line)
		text := strings.TrimSpace(string(line))
		if text == "" {
			if length < 0 {
				return 0, errors.New("a message without its length")
			}
			return length, nil
		}
		name, value, ok := strings.Cut(text, ":")
		if !ok {
			return 0, fmt.Errorf("%.40q is no header", text)
		}
		if !strings.EqualFold(name, "Content-Length") {
			continue
		}
		length, err = strconv.ParseInt(strings.TrimSpace(value), 10, 64)
		switch {
		case err != nil || length < 0:
			return 0, fmt.Errorf("%.40q is no length", text)
		case length > maxMessage:
			return 0, fmt.Errorf("a message of more than %d MB", maxMessage>>20)
		}
	}
	return 0, fmt.Errorf("a header of more than %d KB", maxHeader>>10)
}

func unexpected(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

func (f *frames) Close() error { return f.out.Close() }
