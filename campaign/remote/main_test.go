package remote

import (
	"os"
	"testing"

	"faultline/world"
)

func TestMain(m *testing.M) {
	world.Child() // the worlds' processes are this test program
	// The compressor makes its channels when it is first used, which must not be in the bubble of a test.
	b, err := pack(1)
	if err != nil || unpack(b, new(int)) != nil {
		panic("the compressor does not work")
	}
	os.Exit(m.Run())
}
