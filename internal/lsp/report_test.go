package lsp

import (
	"bytes"
	"errors"
	"reflect"
	"strings"
	"testing"
)

func TestReport(t *testing.T) {
	dir, _, check := workspace(t)
	want, err := check(t.Context(), Request{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	var sent bytes.Buffer
	if err := WriteReport(&sent, want, nil); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(sent.String(), "What it reports") {
		t.Error("the rule's page is sent")
	}
	got, err := ReadReport(&sent)
	if err != nil || !reflect.DeepEqual(got.Findings, want.Findings) || !reflect.DeepEqual(got.Errors, want.Errors) {
		t.Errorf("%v\nread %+v\nsent %+v", err, got, want)
	}

	sent.Reset()
	if err := WriteReport(&sent, nil, errors.New("bad configuration")); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadReport(&sent); err == nil || err.Error() != "bad configuration" {
		t.Errorf("read %v", err)
	}
	for _, text := range []string{"", "{", `{"Findings": [{"Rule": "no/rule"}]}`} {
		if _, err := ReadReport(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), "internal error: no r") {
			t.Errorf("%s: %v", text, err)
		}
	}
}
