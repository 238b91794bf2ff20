package sim_test

import (
	"fmt"
	"time"

	"faultline/cluster"
	"faultline/cluster/sim"
	"faultline/cluster/sim/rpc"
	"faultline/cluster/sim/trace"
	"faultline/history"
)

// echo is the smallest design: every node answers by itself.
type echo struct{}

func (echo) Role() (string, uint64) { return "node", 0 }
func (echo) Stop() error            { return nil }

// A design is a function that boots its program. Machines do the rest.
func Example() {
	machines, _ := sim.New(sim.Config{
		Nodes: []string{"n1", "n2"}, Trace: true,
		Protocols: map[string]trace.NewProtocol{"9000": rpc.Protocol},
		Boot: func(p *sim.Process) (sim.Program, error) {
			return echo{}, rpc.Serve(p, "9000", func(from string, r rpc.Request) rpc.Response {
				return rpc.Answer(0, "from "+p.Node(), nil)
			})
		}})
	_ = machines.Start()
	client := rpc.NewClient(machines.Client(1), "9000", machines.Nodes(), "n1", rpc.Timeouts{Operation: time.Second, Attempt: time.Second})
	say := func(text string) {
		out := client.Do(rpc.Operation{Request: rpc.NewRequest("say", 0, text, nil), Answered: func(rpc.Response) cluster.Outcome {
			return cluster.Outcome{Type: history.OK}
		}})
		fmt.Println(text, "is", out.Type, "at", out.Node)
	}
	say("hello")
	_ = machines.Crash("n1")
	time.Sleep(50 * time.Millisecond) // the client's machine hears that its connection is gone
	say("hello again")
	_ = machines.Stop()
	for _, m := range machines.Report().Messages {
		fmt.Println(m.From, "to", m.To+":", m.Kind, m.Detail)
	}
	// Output:
	// hello is ok at n1
	// hello again is ok at n2
	// client 1 to n1: say hello
	// n1 to client 1: say response from n1
	// client 1 to n2: say hello again
	// n2 to client 1: say response from n2
}
