package say

import (
	"go/parser"
	"strings"
	"testing"
	"time"
)

func TestCount(t *testing.T) {
	for n, want := range map[int]string{0: "0 findings", 1: "1 finding", 2: "2 findings"} {
		if got := Count(n, "finding"); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
	if one, many := Form(1, "is", "are"), Form(0, "is", "are"); one != "is" || many != "are" {
		t.Errorf("1 %s, 0 %s", one, many)
	}
}

func TestMore(t *testing.T) {
	for _, test := range []struct {
		others int
		noun   string
		want   string
	}{
		{0, "RPC", "Get"},
		{1, "RPC", "Get and 1 more RPC"},
		{2, "RPC", "Get and 2 more RPCs"},
		{0, "", "Get"},
		{1, "", "Get and 1 more"},
	} {
		if got := More("Get", test.others, test.noun); got != test.want {
			t.Errorf("%d %q: %q, want %q", test.others, test.noun, got, test.want)
		}
	}
}

func TestLists(t *testing.T) {
	for _, test := range []struct{ list, and, or, two string }{
		{"", "", "", ""},
		{"a", "a", "a", "a"},
		{"a b", "a and b", "a or b", "a and b"},
		{"a b c", "a, b and c", "a, b or c", "a, b and 1 more code"},
		{"a b c d", "a, b, c and d", "a, b, c or d", "a, b and 2 more codes"},
	} {
		list := strings.Fields(test.list)
		if and, or, two := And(list), Or(list), Some(list, 2, "code"); and != test.and || or != test.or || two != test.two {
			t.Errorf("%v: %q, %q, %q", list, and, or, two)
		}
	}
}

func TestNames(t *testing.T) {
	for full, want := range map[string]string{
		"/shop.v1.Orders/Get": "Orders.Get",
		"shop.v1.Orders/Get":  "Orders.Get",
		"/Orders/Get":         "Orders.Get",
		"Orders.Get":          "Orders.Get",
		"":                    "",
	} {
		if got := RPC(full); got != want {
			t.Errorf("%q is %q, want %q", full, got, want)
		}
	}
	for code, want := range map[uint64]string{0: "OK", 1: "Canceled", 14: "Unavailable", 16: "Unauthenticated", 17: ""} {
		if got := Code(code); got != want {
			t.Errorf("%d is %q, want %q", code, got, want)
		}
	}
}

func TestDuration(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0:                         "0s",
		90 * time.Second:          "1m30s",
		time.Minute:               "1m",
		10 * time.Minute:          "10m",
		2 * time.Hour:             "2h",
		time.Hour + time.Minute:   "1h1m",
		time.Hour + 5*time.Second: "1h0m5s",
		10 * time.Second:          "10s",
		500 * time.Millisecond:    "500ms",
		-time.Minute:              "-1m",
	} {
		if got := Duration(d); got != want {
			t.Errorf("%v is %q, want %q", d, got, want)
		}
	}
}

func TestExpr(t *testing.T) {
	for text, want := range map[string]string{
		"a":               "a",
		"(a.b)":           "a.b",
		"a().b":           "a().b",
		"a(1, 2).b":       "a(...).b",
		"a(1, 2)":         "a(...)",
		"a()":             "a()",
		"f(func() {})":    "f(...)",
		"func() {}":       "...",
		"func() T {}().b": "...().b",
		"(T{}).b":         "b",
		`m["k"][0]`:       `m["k"][0]`,
		"m[a+b]":          "m[...]",
		"*p.q":            "*p.q",
	} {
		expr, err := parser.ParseExpr(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := Expr(expr); got != want {
			t.Errorf("%s is %q, want %q", text, got, want)
		}
	}
}
