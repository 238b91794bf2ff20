package nemesis

import (
	"fmt"
	"time"

	"faultline/cluster"

	"pgregory.net/rapid"
)

// names are those of n nodes.
// everything is a system that can suffer all faults.
var everything = Subject{CrashPoints: []string{
	"log-write", "log-write", "log-write", "log-sync", "log-sync", "log-sync", "vote", "snapshot", "snapshot", "restore", "restore",
}, Suffers: []cluster.Fault{
	cluster.SuffersLinks, cluster.SuffersProcesses, cluster.SuffersPauses, cluster.SuffersLeadership, cluster.SuffersClocks, cluster.SuffersTransfers,
	cluster.SuffersMembers, cluster.SuffersDisks, cluster.SuffersDeaths, cluster.SuffersImpairments, cluster.SuffersResets, cluster.SuffersDuplicates,
}}

// with is such a system with some nodes.
func with(nodes []string) Subject {
	s := everything
	s.Nodes = nodes
	return s
}

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
	verbs := []*nodeVerb{&crash, &powerloss, &restart, &pause, &resume}
	others := []func(*rapid.T, []string) Action{
		drawClockAction, drawTransfer, drawMemberAction, drawNetworkAction, drawConditionAction, drawLoadAction}
	if k := rapid.IntRange(0, 15).Draw(t, "kind"); k < 2*len(others) {
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
		return nodeAction{v, drawTarget(t, nodes, v.symbols)}
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

func drawConditionAction(t *rapid.T, nodes []string) Action {
	c := rapid.SampledFrom(conditions).Draw(t, "condition")
	whom := drawTarget(t, nodes, c.symbols)
	switch {
	case rapid.IntRange(0, 9).Draw(t, "power") == 0:
		return powerCycle{whom}
	case rapid.Bool().Draw(t, "ends"):
		return endAction{c, whom}
	}
	a := beginAction{condition: c, targets: whom}
	someTime := func(label string) time.Duration {
		return time.Duration(rapid.Int64Range(int64(time.Second), int64(time.Minute)).Draw(t, label))
	}
	switch c {
	case crashAt:
		a.setting.word = rapid.SampledFrom(everything.CrashPoints).Draw(t, "point")
	case bitFlip, truncation:
		a.setting.word = rapid.SampledFrom(everything.Damageable()).Draw(t, "part")
	case crashLoop, rollingRestart:
		a.setting.base = someTime("every")
	case diskSlow:
		a.setting.base = someTime("base")
		if rapid.Bool().Draw(t, "has a tail") {
			a.setting.tail = someTime("tail")
		}
	}
	return a
}

func drawMemberAction(t *rapid.T, nodes []string) Action {
	if rapid.IntRange(0, 5).Draw(t, "replaced") == 0 {
		return replace{drawTarget(t, nodes, replaceSymbols)}
	}
	v := rapid.SampledFrom([]*nodeVerb{&remove, &demote, &addNonvoter, &promote, &add}).Draw(t, "member verb")
	return nodeAction{v, drawTarget(t, nodes, v.symbols)}
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

// drawNetworkAction draws one of those that last until "end" and their name, such an end, or a reset.
func drawNetworkAction(t *rapid.T, nodes []string) Action {
	every := time.Duration(rapid.Int64Range(int64(100*time.Millisecond), int64(3*time.Second)).Draw(t, "every"))
	switch rapid.IntRange(0, 7).Draw(t, "action") {
	case 0:
		return oneway{scope{groups: []targets{drawGroup(t, nodes), drawGroup(t, nodes)}, oneWay: true}}
	case 1:
		return flap{scope{groups: []targets{drawGroup(t, nodes), {symbol: theRest}}}, every}
	case 2:
		return chase{every: every}
	case 3:
		return chase{node: rapid.SampledFrom(nodes).Draw(t, "node")}
	case 4:
		v := rapid.SampledFrom([]*impairVerb{&delay, &loss, &throttle, &reorder}).Draw(t, "impair")
		return impair{v, drawLinks(t, nodes, true), drawDegree(t, v)}
	case 5:
		return duplicate{drawTarget(t, nodes, nodeSymbols), percent(rapid.Float64Range(0.001, 100).Draw(t, "percent"))}
	case 6:
		return reset{drawLinks(t, nodes, false)}
	default:
		return end{rapid.SampledFrom(lastings).Draw(t, "kind")}
	}
}

// drawLoadAction draws a burden. What ends it, drawNetworkAction draws.
func drawLoadAction(t *rapid.T, _ []string) Action {
	switch rapid.IntRange(0, 3).Draw(t, "load") {
	case 0:
		return loadAction{&burst, factor(rapid.Float64Range(1.001, maxFactor).Draw(t, "factor"))}
	case 1:
		return loadAction{&hotKey, hot{percent(rapid.Float64Range(0.001, 100).Draw(t, "percent"))}}
	case 2:
		return loadAction{&largeValues, size(rapid.Int64Range(1, maxPadding).Draw(t, "bytes"))}
	default:
		pace := rapid.Int64Range(int64(time.Millisecond), int64(maxPace)).Draw(t, "pace")
		return loadAction{&slowClients, crowd{rapid.IntRange(1, maxSlow).Draw(t, "clients"), time.Duration(pace)}}
	}
}

// drawLinks draws all links of some nodes, or those between groups.
func drawLinks(t *rapid.T, nodes []string, directed bool) scope {
	if rapid.Bool().Draw(t, "lone") {
		return scope{groups: []targets{drawTarget(t, nodes, nodeSymbols)}}
	}
	return scope{groups: []targets{drawGroup(t, nodes), drawGroup(t, nodes)}, oneWay: directed && rapid.Bool().Draw(t, "one way")}
}

func drawDegree(t *rapid.T, v *impairVerb) degree {
	n := rapid.Int64Range(1, 1e10).Draw(t, "degree")
	switch v {
	case &delay:
		return latency{time.Duration(n), time.Duration(rapid.Int64Range(0, 1e9).Draw(t, "jitter"))}
	case &loss:
		return lost(rapid.Float64Range(0.001, 99.999).Draw(t, "percent"))
	case &throttle:
		return bandwidth(n)
	default:
		return held(n)
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
		Subject:  with(names(rapid.IntRange(2, 9).Draw(t, "nodes"))),
		Interval: time.Duration(rapid.Int64Range(int64(minInterval), int64(20*time.Second)).Draw(t, "interval")),
		First:    time.Duration(rapid.Int64Range(0, int64(10*time.Second)).Draw(t, "first")),
	}
	o.Intensity = rapid.SampledFrom([]float64{0, 0.01, 0.2, DefaultIntensity, 0.99}).Draw(t, "intensity")
	intervals := rapid.IntRange(1, 30).Draw(t, "intervals")
	o.End = o.First + time.Duration(intervals)*o.Interval
	for _, f := range families {
		if len(o.Nodes) >= f.nodes && rapid.Bool().Draw(t, f.Name) {
			o.Families = append(o.Families, f.Name)
		}
	}
	return o
}
