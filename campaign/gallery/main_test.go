package gallery

import (
	"testing"

	"go.uber.org/goleak"

	_ "faultline/cluster/kinds"
	"faultline/world"
)

func TestMain(m *testing.M) {
	world.Child() // the worlds' processes are this test program
	goleak.VerifyTestMain(m)
}
