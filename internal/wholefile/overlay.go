package wholefile

// An Overlay holds texts that count in the place of files, by absolute path: what
// an editor shows and nobody has saved.
type Overlay map[string][]byte

// Read reads as [Read] does.
func (o Overlay) Read(path string, most int64) ([]byte, error) {
	if text, ok := o[path]; ok {
		return text, nil
	}
	return Read(path, most)
}

// ReadOwn reads as [ReadOwn] does.
func (o Overlay) ReadOwn(path string, most int64) ([]byte, error) {
	if text, ok := o[path]; ok {
		return text, nil
	}
	return ReadOwn(path, most)
}
