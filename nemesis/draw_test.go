package nemesis

import (
	"fmt"
	"time"

	"pgregory.net/rapid"
)

// names are those of n nodes.
func names(n int) []string {
	nodes := make([]string, n)
	for i := range nodes {
		nodes[i] = fmt.Sprintf("n%d", i+1)
	}
	return nodes
}

// drawSchedule draws what a person might write: any actions in order of time, sensible or not.
func drawSchedule(t *rapid.T, nodes []string, maxEvents int) Schedule {
	var s Schedule
	at := time.Duration(0)
	for range rapid.IntRange(0, maxEvents).Draw(t, "events") {
		at += time.Duration(rapid.Int64Range(0, int64(10*time.Second)).Draw(t, "later"))
		s = append(s, Event{At: at, Action: drawAction(t, nodes)})
	}
	return s
}

func drawAction(t *rapid.T, nodes []string) Action {
	verbs := []*processVerb{&crash, &powerloss, &restart, &pause, &resume}
	others := []func(*rapid.T, []string) Action{drawClockAction, drawTransfer, drawMemberAction}
	if k := rapid.IntRange(0, 9).Draw(t, "kind"); k < 2*len(others) {
		return others[k/2](t, nodes)
	}
	switch k := rapid.IntRange(0, len(verbs)+2).Draw(t, "verb"); k {
	case 0:
		return heal{}
	case 1:
		return partition{groups: []targets{drawGroup(t, nodes), drawGroup(t, nodes)}, oneWay: true}
	case 2:
		p := partition{groups: []targets{{symbol: theRest}}}
		for range rapid.IntRange(1, 4).Draw(t, "groups") {
			p.groups = append(p.groups, drawGroup(t, nodes))
		}
		return p
	default:
		v := verbs[k-3]
		return processAction{v, drawTarget(t, nodes, v.symbols)}
	}
}

func drawClockAction(t *rapid.T, nodes []string) Action {
	shift := func(name string) time.Duration {
		return time.Duration(rapid.Int64Range(1, int64(maxShift)).Draw(t, name))
	}
	a := clockAction{targets: drawTarget(t, nodes, clockSymbols)}
	switch rapid.IntRange(0, 4).Draw(t, "clock") {
	case 0:
		a.fault = jump{shift("forward")}
	case 1:
		a.fault = jump{-shift("back")}
	case 2:
		a.fault = drift{rapid.Int64Range(1-million, maxPPM).Filter(func(ppm int64) bool { return ppm != 0 }).Draw(t, "ppm")}
	case 3:
		a.fault = strobe{shift("by"), shift("period")}
	default:
		a.fault = correct{}
	}
	return a
}

func drawMemberAction(t *rapid.T, nodes []string) Action {
	if rapid.IntRange(0, 5).Draw(t, "replaced") == 0 {
		return replace{drawTarget(t, nodes, replaceSymbols)}
	}
	v := rapid.SampledFrom([]*memberVerb{&remove, &demote, &addNonvoter, &promote, &add}).Draw(t, "member verb")
	return memberAction{v, drawTarget(t, nodes, v.symbols)}
}

func drawTransfer(t *rapid.T, nodes []string) Action {
	switch rapid.IntRange(0, 2).Draw(t, "to") {
	case 0:
		return transfer{}
	case 1:
		return transfer{targets{symbol: one}}
	default:
		return transfer{targets{names: []string{rapid.SampledFrom(nodes).Draw(t, "name")}}}
	}
}

func drawGroup(t *rapid.T, nodes []string) targets {
	return drawTarget(t, nodes, []symbol{theLeader, one, minority, majority})
}

func drawTarget(t *rapid.T, nodes []string, symbols []symbol) targets {
	if rapid.Bool().Draw(t, "symbolic") {
		return targets{symbol: rapid.SampledFrom(symbols).Draw(t, "symbol")}
	}
	return targets{names: rapid.SliceOfNDistinct(rapid.SampledFrom(nodes), 1, len(nodes), rapid.ID).Draw(t, "names")}
}

// drawOptions draws what Generate accepts.
func drawOptions(t *rapid.T) Options {
	o := Options{
		Nodes:    names(rapid.IntRange(2, 9).Draw(t, "nodes")),
		Interval: time.Duration(rapid.Int64Range(int64(minInterval), int64(20*time.Second)).Draw(t, "interval")),
		First:    time.Duration(rapid.Int64Range(0, int64(10*time.Second)).Draw(t, "first")),
	}
	intervals := rapid.IntRange(1, 30).Draw(t, "intervals")
	o.End = o.First + time.Duration(intervals)*o.Interval
	for _, f := range families {
		if len(o.Nodes) >= f.nodes && rapid.Bool().Draw(t, f.Name) {
			o.Families = append(o.Families, f.Name)
		}
	}
	return o
}
