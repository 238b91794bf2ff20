package disk_test

import (
	"fmt"
	"math/rand/v2"

	"faultline/cluster/disk"
)

// A log promises what it has synced. What a loss of power leaves of the rest is a matter of chance.
func Example() {
	d := disk.New(disk.Config{Rand: rand.New(rand.NewPCG(1, 1)), FaultRand: rand.New(rand.NewPCG(1, 2))})
	v, _ := d.Open()
	log, _ := v.Create("log")
	fmt.Fprintln(log, "set x 1")
	if err := log.Sync(); err == nil { // and not before may a client be told
		fmt.Println("x is 1 for good")
	}
	fmt.Fprintln(log, "set x 2")
	_ = v.PowerLoss()

	v, _ = d.Open()
	b, _ := v.ReadFile("log")
	fmt.Printf("%s", b)
	// Output:
	// x is 1 for good
	// set x 1
}
