package workloads_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"faultline/checker/txn/models"
	"faultline/cluster"
	_ "faultline/cluster/kinds" // which registers txnkv
)

// tabled are the anomalies that some level of txnkv permits and another one forbids.
var tabled = []string{"G0", "G1a", "G1b", "G1c", "lost-update", "long-fork", "G-single-item", "G-single", "G2-item", "G2"}

// permits reports whether the level that a mode claims permits an anomaly.
func permits(mode cluster.Mode, anomaly string) bool {
	return !slices.Contains(models.Forbidden(models.Of(mode.Model)), anomaly)
}

// The table of anomalies in the documentation is what the definitions of the levels say. TestLevels holds the store to it.
func TestTableOfAnomalies(t *testing.T) {
	kind, err := cluster.KindByName("txnkv")
	if err != nil {
		t.Fatal(err)
	}
	var table strings.Builder
	table.WriteString("| mode |")
	for _, a := range tabled {
		fmt.Fprintf(&table, " %s |", a)
	}
	table.WriteString("\n|---|" + strings.Repeat(":-:|", len(tabled)) + "\n")
	for _, mode := range kind.Modes {
		fmt.Fprintf(&table, "| `%s` |", mode.Name)
		for _, a := range tabled {
			mark := ""
			if permits(mode, a) {
				mark = "occurs"
			}
			fmt.Fprintf(&table, " %s |", mark)
		}
		table.WriteString("\n")
	}
	doc, err := os.ReadFile("../docs/txnkv.md")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(doc), table.String()) {
		t.Errorf("docs/txnkv.md does not have this table:\n%s", table.String())
	}
}
