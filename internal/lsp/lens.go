package lsp

import (
	"context"
	"slices"
	"strings"

	"github.com/grpclint/grpclint/finding/say"
	"github.com/grpclint/grpclint/internal/lint"
)

// codeLens tells of each handler of a document which codes it may return, as far
// as that is known, and how often its RPC is called in the workspace.
func (s *server) codeLens(_ context.Context, params textDocumentParams) ([]codeLens, error) {
	lenses := []codeLens{}
	path, err := pathOf(params.TextDocument.URI)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.files[path]
	if f == nil || !s.client.lenses {
		return lenses, nil
	}
	since := f.since()
	for _, h := range f.handlers {
		title := codesOf(h)
		if n := s.calls[h.Method]; n > 0 {
			title = strings.TrimPrefix(title+", called in "+say.Count(n, "place"), ", ")
		}
		if at, ok := since.span(spanOf(f.text, h.At)); ok && title != "" {
			lenses = append(lenses, codeLens{at, command{Title: title}})
		}
	}
	return lenses, nil
}

// codesOf names the codes that a handler is seen to return; "" if none is.
func codesOf(h *lint.Handler) string {
	var codes []int
	for _, source := range h.Sources {
		if source.Code > 0 {
			codes = append(codes, source.Code)
		}
	}
	if len(codes) == 0 || h.Mapped {
		return ""
	}
	slices.Sort(codes)
	var names []string
	for _, code := range slices.Compact(codes) {
		names = append(names, say.Code(uint64(code)))
	}
	return "returns " + strings.Join(names, ", ")
}
