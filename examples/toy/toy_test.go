package toy

import (
	"testing"

	"faultline"
)

func TestMain(m *testing.M) { faultline.TestMain(m) }

func TestToy(t *testing.T) {
	faultline.Test(t, faultline.Spec{System: "toy-counter", Workload: "toy-count"})
}
