package claims

import (
	"strings"
	"time"

	"faultline/cluster"
)

// schedules show what breaks the claims of modes, a way each.
var schedules = map[string][]string{
	"raftkv leader":     {"1s crash leader; 2s restart all"}, // the new leader has not applied what the old one acknowledged
	"raftkv lease":      {"1s partition leader | rest; 1010ms jump leader -3s; 3s heal; 4s correct all"},
	"paxos lease":       {"1s partition leader | rest; 1010ms jump leader -3s; 3s heal; 4s correct all"},
	"chain tail":        {"1s partition n5 | rest; 4s heal"},    // n5 is the tail, is removed, and does not know
	"txnkv commit-wait": {"1s jump leader -3s; 4s correct all"}, // a read-only transaction gets an earlier timestamp
	"raftkv bounded":    {"1s partition n5 | rest; 1010ms jump n5 -3s; 4s heal; 4500ms correct all"},
	"primary sync": {
		"1s partition leader | rest; 3s heal",           // the old primary serves reads
		"1s crash n2; 2500ms crash all; 3s restart all", // n2 takes over, and was away when writes were acknowledged
	},
	"primary semisync": {
		"1s delay leader > n2 by 400ms; 2s crash leader; 2100ms end delay; 3s restart all", // n2 takes over, and another had acknowledged
		"1s partition leader | rest; 3s heal",
	},
	"broadcast best-effort": {"1s partition n1,n2 | rest; 1500ms crash n1; 2s heal; 2100ms restart all"}, // n2 has what n1 could not tell the rest
	"commitlog retries":     {"1s pause n3; 2s resume n3"},                                               // answers come late
	"commitlog acks-1":      {"1s partition leader | rest; 3s heal"},
	"commitlog acks-0":      {"3s crash leader; 4s restart all"},
	"primary async": {
		"1s crash leader; 3s restart all", // what it had not passed on is lost
		"1s partition leader | rest; 3s heal",
	},
}

// breaking are the scenarios that break the claim of a mode: those of above, and those of the kind's own that do.
func breaking(kind cluster.Kind, mode string) []cluster.Scenario {
	var all []cluster.Scenario
	for _, schedule := range schedules[kind.Name+" "+mode] {
		all = append(all, cluster.Scenario{Schedule: strings.ReplaceAll(schedule, "; ", "\n") + "\n", Nodes: kind.Nodes,
			TimeLimit: 5 * time.Second, Keys: 2, Rate: 800})
	}
	switch mode {
	case "verify":
		all = append(all, kind.Scenarios...) // each is one of answers that come late
	case "unclean":
		all = append(all, outlived)
	}
	return all
}

// outlived lets a majority outlive the replicas that are in sync: three followers do not reach the leader n2, though the controller n1 does.
var outlived = cluster.Scenario{Nodes: 5, TimeLimit: 20 * time.Second, Keys: 1, Rate: 200, Schedule: `3s transfer n1
5s oneway n2 > n3,n4,n5
5s oneway n3,n4,n5 > n2
10s crash n1,n2
10s end oneway
15s restart all
`}
