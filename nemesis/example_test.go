package nemesis_test

import (
	"fmt"

	"faultline/cluster"
	"faultline/nemesis"
)

func ExampleParse() {
	s, err := nemesis.Parse("1m12.5s  partition n1,n2|n3  # where is the majority?\n80s heal")
	if err != nil {
		fmt.Println(err)
	}
	fmt.Print(s)
	// Output:
	// 72.5s partition n1,n2 | n3
	// 80s heal
}

func ExampleSchedule_Check() {
	s, err := nemesis.Parse("12s crash n1\n15s restart n2")
	if err != nil {
		fmt.Println(err)
	}
	fmt.Println(s.Check(nemesis.Subject{Nodes: []string{"n1", "n2", "n3"}, Suffers: []cluster.Fault{cluster.SuffersProcesses}}))
	// Output:
	// line 2, column 13: n2 is certainly running here, and restart is for a node that is down
}
