package method

import "testing"

func TestSaysRepeatable(t *testing.T) {
	for comment, want := range map[string]string{
		"Inserts a store. If the store already\nexists, it will be replaced.": "already exists, it will be replaced",
		"Creates a label; if it already exists, the label is updated.":        "already exists, the label is updated",
		"Upserts the row.":                         "Upserts",
		"Adds a user.\n\nThis call is idempotent.": "is idempotent",
		"An idempotent operation.":                 "idempotent operation",
		"This is not idempotent.":                  "",
		"Returns ALREADY_EXISTS if it exists.":     "",
		"Replaces nothing that already exists.":    "",
		"Places an order.":                         "",
		"":                                         "",
	} {
		if got := saysRepeatable(comment); got != want {
			t.Errorf("%q: %q, want %q", comment, got, want)
		}
	}
	d := Description{Service: "shop.Orders", Method: "InsertOrder", Request: &Message{Name: "shop.InsertOrderRequest"}}
	if v := Classify(d, Options{}); v.Class != Mutating {
		t.Errorf("without a comment: %+v", v)
	}
	d.Comment = "If the order already exists, it is replaced."
	if v := Classify(d, Options{}); v.Class != Natural || !v.Doubt {
		t.Errorf("with a comment: %+v", v)
	}
}
