package visible

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestText(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"", ""},
		{"plain: text #1 :: and x::y", "plain: text #1 :: and x::y"},
		{"größer 漢字 😀 👩\u200d💻", "größer 漢字 😀 👩\u200d💻"},
		{"a\tb\r\nc\x00\x07\x1b[31m\x7f", `a\tb\r\nc\x00\x07\x1b[31m\x7f`},
		{"\u009b31m\u202eabc\u2066\u2028\ufeff\u00ad", `\u009b31m\u202eabc\u2066\u2028\ufeff\u00ad`},
		{"\U000e0041", `\U000e0041`},
		{"\uffff", `\uffff`},
		{"\xff\xc3é\xed\xa0\x80", `\xff\xc3é\xed\xa0\x80`},
		{"::error ::x", `\x3a:error ::x`},
		{" :", ` \x3a`},
		{" \u00a0\t::error ::x", " \u00a0\\t\\x3a:error ::x"},
		{"x ##[error] ##vso[task] ###[x] ##x y[", `x \x23#[error] \x23#vso[task] #\x23#[x] ##x y[`},
		{"##teamcity[a] ##", `\x23#teamcity[a] ##`},
	} {
		if got := Text(test.text); got != test.want {
			t.Errorf("%q: got %s, want %s", test.text, got, test.want)
		}
	}
}

func TestLines(t *testing.T) {
	const text = "one\n\t::stop-commands::x\r\n\ttwo\x1b\nthree"
	if got, want := Lines(text), "one\n\t\\x3a:stop-commands::x\\r\n\ttwo\\x1b\nthree"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	var out bytes.Buffer
	if n, err := (Writer{&out}).Write([]byte(text)); n != len(text) || err != nil || out.String() != Lines(text) {
		t.Errorf("Write gives %d, %v, %q", n, err, out.String())
	}
}

func TestSplit(t *testing.T) {
	for _, test := range []struct {
		line                  string
		from, to              int
		before, within, after string
	}{
		{"\tcall(x)", 1, 5, "\t", "call", "(x)"},
		{"\té\x1bcall\x07(x)", 4, 9, "\té\\x1b", `call\x07`, "(x)"},
		{"::é", 0, 2, "", `\x3a:`, "é"},
		{"é", 1, 1, "é", "", ""}, // within a letter
		{"\x1b", 5, 9, `\x1b`, "", ""},
		{"ab", 5, 9, "ab", "", ""},
		{"\x1b", -1, 0, "", "", `\x1b`},
	} {
		before, within, after := Split(test.line, test.from, test.to)
		if before != test.before || within != test.within || after != test.after {
			t.Errorf("%q: got %q, %q, %q", test.line, before, within, after)
		}
	}
}

func TestEncode(t *testing.T) {
	const text = "\x1b\u009b\u202e\U000e0041##[x] <é>\xff\u2028"
	var out bytes.Buffer
	if err := Encode(&out, map[string]string{"a": text}); err != nil {
		t.Fatal(err)
	}
	if got, want := out.String(), "{\n  \"a\": \"\\u001b\\u009b\\u202e\\udb40\\udc41\\u0023#[x] <é>\\ufffd\\u2028\"\n}\n"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	var back map[string]string
	if err := json.Unmarshal(out.Bytes(), &back); err != nil || back["a"] != strings.ToValidUTF8(text, "\ufffd") {
		t.Errorf("read back: %q, %v", back["a"], err)
	}
}

// FuzzVisible: nothing hidden gets through, whatever the bytes, a line
// stays a line, and the parts of a line are the line.
func FuzzVisible(f *testing.F) {
	for _, seed := range []string{"plain", "a\x1b[0m\r\n::error::\xff", "##[x]", "\u202e\u200d"} {
		f.Add(seed, 1, 3)
	}
	f.Fuzz(func(t *testing.T, text string, from, to int) {
		got := Text(text)
		if !utf8.ValidString(got) || strings.ContainsFunc(got, Hidden) || strings.HasPrefix(strings.TrimSpace(got), "::") || strings.Contains(got, "##[") {
			t.Errorf("%q gives %q", text, got)
		}
		if Text(got) != got {
			t.Errorf("%q gives %q, and that %q", text, got, Text(got))
		}
		before, within, after := Split(text, from, to)
		if strings.ReplaceAll(before+within+after, "\t", `\t`) != got && !strings.Contains(text, "\t") {
			t.Errorf("%q in parts is %q", text, before+within+after)
		}
		for line := range strings.SplitSeq(Lines(text), "\n") {
			if strings.ContainsFunc(strings.ReplaceAll(line, "\t", ""), Hidden) || strings.HasPrefix(strings.TrimSpace(line), "::") {
				t.Errorf("%q has the line %q", text, line)
			}
		}
		var out bytes.Buffer
		var back string
		if err := Encode(&out, text); err != nil || json.Unmarshal(out.Bytes(), &back) != nil || back != strings.ToValidUTF8(text, "\ufffd") && utf8.ValidString(text) {
			t.Errorf("%q in JSON is %q, which is %q", text, out.Bytes(), back)
		}
		if strings.ContainsFunc(strings.TrimSuffix(strings.TrimSuffix(out.String(), "\n"), "\n"), Hidden) {
			t.Errorf("%q in JSON is %q", text, out.Bytes())
		}
	})
}
