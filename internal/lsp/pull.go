package lsp

import "context"

// diagnostic answers a client that asks for the diagnostics of a document. It gets
// those that are known: when there are others it is told to ask again.
func (s *server) diagnostic(_ context.Context, params textDocumentParams) (documentDiagnosticReport, error) {
	report := documentDiagnosticReport{Kind: "full", Items: []diagnostic{}}
	path, err := pathOf(params.TextDocument.URI)
	if err != nil {
		return report, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.files[path]
	if f == nil {
		return report, nil
	}
	since := f.since()
	for _, d := range s.diagnosticsOf(f) {
		if at, ok := since.span(d.Range); ok {
			d.Range = at
			report.Items = append(report.Items, d)
		}
	}
	return report, nil
}
