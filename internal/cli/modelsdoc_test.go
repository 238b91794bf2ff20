package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"faultline/checker/catalog"
)

var modelTable = regexp.MustCompile(`(?s)(<!-- models -->\n).*?(<!-- /models -->)`)

// The table of models in docs/checking.md is that of the catalog. With -update it is written into the document.
func TestTheModelsInTheDocs(t *testing.T) {
	path := filepath.Join("..", "..", "docs", "checking.md")
	doc, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want := modelTable.ReplaceAllString(string(doc), "${1}"+strings.ReplaceAll(modelsAsTable(), "$", "$$")+"${2}")
	if want == string(doc) {
		return
	}
	if !*update {
		t.Fatal("the table differs from the catalog: go test ./internal/cli -run TestTheModelsInTheDocs -update")
	}
	if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
		t.Fatal(err)
	}
}

func modelsAsTable() string {
	var b strings.Builder
	b.WriteString("| `--model` | also called | what it is | operations | judged | not judged |\n|---|---|---|---|---|---|\n")
	for _, e := range catalog.All() {
		doc := e.Doc
		for _, o := range e.Options {
			doc += fmt.Sprintf("; `--model-option %s`: %s", o.Name, o.Doc)
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s |\n", e.Name, strings.Join(e.Aliases, ", "), doc, strings.Join(e.Operations(), ", "), e.Judged, e.Unjudged)
	}
	return b.String()
}
