package txn_test

import (
	"testing"

	"faultline/checker"
	"faultline/checker/internal/scripttest"
	"faultline/checker/txn"
	"faultline/checker/txn/models"
)

// The scripts in testdata say what each anomaly looks like, and what is said of it.
func TestScripts(t *testing.T) {
	checkers := map[string]checker.Checker{}
	for _, m := range models.All() {
		checkers["list-append/"+m.Name] = txn.ListAppend(m.Name)
		checkers["rw-register/"+m.Name] = txn.RWRegister(m.Name)
	}
	checkers["list-append"], checkers["rw-register"] = txn.ListAppend(), txn.RWRegister()
	for _, file := range []string{"list-append", "direct", "rw-register", "malformed"} {
		t.Run(file, func(t *testing.T) { scripttest.Run(t, "testdata/"+file+".txt", checkers) })
	}
}
