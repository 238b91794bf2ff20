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
	if rapid.Bool().Draw(t, "condition") {
		return drawConditionAction(t, nodes)
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
		a.setting.word = rapid.SampledFrom(points).Draw(t, "point")
	case bitFlip:
		a.setting.word = rapid.SampledFrom(damageable).Draw(t, "part")
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
		if rapid.Bool().Draw(t, f.Name) {
			o.Families = append(o.Families, f.Name)
		}
	}
	return o
}
