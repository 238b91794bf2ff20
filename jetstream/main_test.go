package jetstream

import (
	"os"
	"testing"
)

func TestMain(m *testing.M) {
	if what := os.Getenv(serverVariable); what != "" {
		serve(what)
	}
	os.Exit(m.Run())
}
