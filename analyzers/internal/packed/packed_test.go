package packed

import (
	"math"
	"reflect"
	"strings"
	"testing"
	"time"
)

type value struct {
	Name    string
	Names   []string
	Parts   []part
	Next    *value
	Flag    bool
	Flags   []bool
	Small   int8
	Wait    time.Duration
	Codes   uint32
	Factor  float64
	Nothing struct{}
	hidden  int
}

type part struct {
	Index int
	Place *part
}

func TestRoundTrip(t *testing.T) {
	long := strings.Repeat("WorkflowService_", 1000)
	for name, v := range map[string]value{
		"nothing":  {},
		"a string": {Name: "short"},
		"a long string": {
			Name: long, Names: []string{long, "", long, "x"},
		},
		"all kinds": {
			Name: "a", Names: []string{"a", "b", "a", ""}, Parts: []part{{}, {Index: -1}, {Place: &part{Place: &part{}}}},
			Next: &value{Name: "b", Flags: []bool{false, true}}, Flag: true, Small: math.MinInt8, Wait: time.Hour,
			Codes: math.MaxUint32, Factor: 1.6,
		},
		"random": {Name: random(4000)},
	} {
		t.Run(name, func(t *testing.T) {
			data, err := Encode(&v)
			if err != nil {
				t.Fatal(err)
			}
			got := value{Name: "else", Flag: true}
			if err := Decode(data, &got); err != nil || !reflect.DeepEqual(got, v) {
				t.Errorf("%v: got %v, want %v", err, got, v)
			}
		})
	}
}

func TestSize(t *testing.T) {
	long := strings.Repeat("x", 100)
	for _, test := range []struct {
		name string
		v    value
		most int
	}{
		{"nothing", value{}, 1},
		{"no elements", value{Names: []string{}, Parts: []part{}}, 1},
		{"what is not exported", value{hidden: 1}, 1},
		{"a flag", value{Flag: true}, 3},
		{"the same string again", value{Name: long, Names: []string{long, long, long}}, 120},
		{"much of the same", value{Name: strings.Repeat("WorkflowService_", 1000)}, worthwhile},
		{"a string that does not get smaller", value{Name: random(4000)}, 4010},
	} {
		if data, err := Encode(&test.v); err != nil || len(data) > test.most {
			t.Errorf("%s: %d bytes, %v", test.name, len(data), err)
		}
	}
}

// random returns bytes that nothing compresses.
func random(n int) string {
	b := make([]byte, n)
	state := uint32(1)
	for i := range b {
		state = state*1664525 + 1013904223
		b[i] = byte(state >> 24)
	}
	return string(b)
}

func TestUnsupported(t *testing.T) {
	if _, err := Encode(&struct{ M map[string]int }{map[string]int{"a": 1}}); err == nil {
		t.Error("a map is encoded")
	}
}

func TestBroken(t *testing.T) {
	var all [][]byte
	for _, v := range []value{
		{Name: strings.Repeat("x", 3000)},
		{Name: "a", Names: []string{"a", "b"}, Parts: []part{{Index: 300, Place: new(part)}}, Next: &value{Flag: true}, Flags: []bool{true}, Small: 1, Factor: 2},
	} {
		data, err := Encode(&v)
		if err != nil {
			t.Fatal(err)
		}
		for i := range data {
			all = append(all, data[:i])
		}
		all = append(all, append(data, 0))
	}
	for _, broken := range append(all, nil, []byte{plain}, []byte{deflated}, []byte{nothing, 3}, []byte{9, 0}) {
		if err := Decode(broken, new(value)); err == nil {
			t.Errorf("no error for %v", broken)
		}
	}
}

func FuzzDecode(f *testing.F) {
	data, err := Encode(&value{Name: "a", Names: []string{"a", "b"}, Parts: []part{{Index: 300}}, Next: &value{Small: 3}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Fuzz(func(t *testing.T, data []byte) {
		var v value
		if Decode(data, &v) != nil {
			return
		}
		again, err := Encode(&v)
		if err != nil {
			t.Fatal(err)
		}
		var same value
		if err := Decode(again, &same); err != nil {
			t.Fatal(err)
		}
	})
}
