package main

import (
	"strings"
	"testing"
)

func TestBlocksAreReplaced(t *testing.T) {
	const before = "# Title\n\n<!-- sample: one -->\n```\n$ old\n```\n\n```\nnot a sample\n```\n<!-- sample: two -->\n```sh\n```\nend\n"
	got, err := replace(before, func(b block) (string, error) { return b.name + " was " + b.text + "\n\n", nil })
	if err != nil {
		t.Fatal(err)
	}
	const want = "# Title\n\n<!-- sample: one -->\n```\none was $ old\n```\n\n```\nnot a sample\n```\n<!-- sample: two -->\n```sh\ntwo was\n```\nend\n"
	if strings.ReplaceAll(got, " \n", "\n") != want {
		t.Errorf("got\n%s", got)
	}
}

func TestExcerpt(t *testing.T) {
	long := strings.Repeat("x", longest+1)
	got := excerpt("a\nb\nb\nc\n"+long+"\n", func(line string) bool { return line != "b" })
	if want := "a\n…\nc\n" + long[1:] + " …"; got != want {
		t.Errorf("got\n%s", got)
	}
}
