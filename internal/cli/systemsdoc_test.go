package cli

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"faultline/cluster"
)

// The description in docs/systems.md can be copied.
func TestTheDescriptionInTheDocs(t *testing.T) {
	doc, err := os.ReadFile(filepath.Join("..", "..", "docs", "systems.md"))
	if err != nil {
		t.Fatal(err)
	}
	text := regexp.MustCompile("(?s)<!-- description: mystore -->\n```toml\n(.*?)```").FindSubmatch(doc)
	if text == nil {
		t.Fatal("there is none")
	}
	file := filepath.Join(t.TempDir(), "mystore.toml")
	if err := os.WriteFile(file, text[1], 0o600); err != nil {
		t.Fatal(err)
	}
	k, err := cluster.KindByName(file)
	if err != nil || k.Name != "mystore" || len(k.Ops) != 3 {
		t.Errorf("%+v, %v", k, err)
	}
}
