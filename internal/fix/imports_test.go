package fix

import "testing"

func TestWithoutUnused(t *testing.T) {
	for name, test := range map[string]struct{ before, after, want string }{
		"one of a group": {
			"package p\n\nimport (\n\t\"context\"\n\t\"fmt\"\n)\n\nvar _, _ = context.TODO, fmt.Print\n",
			"package p\n\nimport (\n\t\"context\"\n\t\"fmt\"\n)\n\nvar _ = fmt.Print\n",
			"package p\n\nimport (\n\t\"fmt\"\n)\n\nvar _ = fmt.Print\n",
		},
		"all": {
			"package p\n\nimport \"context\"\nimport (\n\tx \"fmt\" // to print\n)\n\nvar _, _ = context.TODO, x.Print\n",
			"package p\n\nimport \"context\"\nimport (\n\tx \"fmt\" // to print\n)\n\nvar _ = 1\n",
			"package p\n\n\nvar _ = 1\n",
		},
		"versions": {
			"package p\n\nimport \"example.com/retry/v4\"\n\nvar _ = retry.Do\n",
			"package p\n\nimport \"example.com/retry/v4\"\n\nvar _ = 1\n",
			"package p\n\n\nvar _ = 1\n",
		},
		"in one line": {
			"package p\n\nimport (\"fmt\"; \"context\")\n\nvar _, _ = context.TODO, fmt.Print\n",
			"package p\n\nimport (\"fmt\"; \"context\")\n\nvar _ = fmt.Print\n",
			"package p\n\nimport (\"fmt\"; )\n\nvar _ = fmt.Print\n",
		},
		"unused before, for its effects, or by another name": {
			"package p\n\nimport (\n\t_ \"context\"\n\t. \"strings\"\n\t\"example.com/go-fmt\"\n\t\"unused\"\n)\n\nvar _ = fmt.Print\n",
			"package p\n\nimport (\n\t_ \"context\"\n\t. \"strings\"\n\t\"example.com/go-fmt\"\n\t\"unused\"\n)\n\nvar _ = 1\n",
			"package p\n\nimport (\n\t_ \"context\"\n\t. \"strings\"\n\t\"example.com/go-fmt\"\n\t\"unused\"\n)\n\nvar _ = 1\n",
		},
	} {
		if got := string(withoutUnused([]byte(test.before), []byte(test.after))); got != test.want {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, test.want)
		}
	}
}
