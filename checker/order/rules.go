package order

import (
	"slices"

	"faultline/cluster/report"
	"faultline/history"
)

// creation judges each delivery: somebody had broadcast the message, and did not fail.
func (r *record) creation() {
	for _, n := range r.byName() {
		for i, m := range n.delivered {
			r.clock.Spend(1)
			sent, told := r.messages[m].sent, n.told[i]
			value := r.messages[m].value
			switch {
			case sent == none:
				r.broken(NoCreation, n.name, []int32{told}, "%s delivered %v, which nobody had broadcast", n.name, value)
			case r.operations[sent].Outcome == history.Fail:
				r.broken(NoCreation, n.name, []int32{sent, told}, "%s delivered %v, which %s had failed to send", n.name, value, r.who(sent))
			case r.operations[told].Returned >= 0 && r.operations[told].Returned < r.operations[sent].Invoked:
				r.broken(NoCreation, n.name, []int32{sent, told}, "%s delivered %v before %s began", n.name, value, r.who(sent))
			}
		}
	}
}

// validity judges whether every node that was read in the end has what was acknowledged. With mortal a message does not count whose sender
// died later, by the report of the system; without one it is not known.
func (r *record) validity(mortal bool, report *report.Report) {
	for _, n := range r.byName() {
		if !r.readable(Validity, n) {
			continue
		}
		for i, m := range r.messages {
			r.clock.Spend(1)
			if m.sender == none || n.has(int32(i)) {
				continue
			}
			sender := r.nodes[m.sender].name
			switch {
			case mortal && report == nil:
				r.unknown(Validity, n.name, []int32{m.sent, n.final}, "%s never delivered %v, and nobody says whether %s died", n.name, m.value, sender)
				continue
			case mortal && diedAfter(report, sender, &r.operations[m.sent]):
				continue
			}
			r.broken(Validity, n.name, []int32{m.sent, n.final}, "%s never delivered %v, which %s had acknowledged to process %d",
				n.name, m.value, sender, r.operations[m.sent].Process)
		}
	}
}

// agreement judges whether every node that was read in the end has what any node has delivered.
func (r *record) agreement() {
	for _, n := range r.byName() {
		if !r.readable(Agreement, n) {
			continue
		}
		for _, other := range r.byName() {
			for i, m := range other.delivered {
				r.clock.Spend(1)
				if !n.has(m) {
					r.broken(Agreement, n.name, []int32{r.messages[m].sent, other.told[i], n.final}, "%s never delivered %v, which %s did",
						n.name, r.messages[m].value, other.name)
				}
			}
		}
	}
}

// readable reports whether somebody has read all of a node in the end. If not the rule cannot be judged.
func (r *record) readable(rule Rule, n *node) bool {
	if n.final == none {
		r.unknown(rule, n.name, []int32{n.asked}, "nobody could read in the end what %s had delivered", n.name)
	}
	return n.final != none
}

func (n *node) has(m int32) bool {
	_, there := n.at[m]
	return there
}

const broadcastBefore = "which %s had broadcast before it"

// fifo judges that no node delivers a message without those of the same sender before it.
func (r *record) fifo() {
	for i, sender := range r.nodes {
		r.inOrder(sender, FIFOOrder, func(m int32) bool { return r.messages[m].sender == int32(i) }, broadcastBefore)
		for _, n := range r.byName() {
			r.inRealTime(sender, n)
		}
	}
}

// causal judges that no node delivers a message without those that its sender had delivered before it.
func (r *record) causal() {
	for _, sender := range r.nodes {
		r.inOrder(sender, CausalOrder, func(int32) bool { return true }, "which %s had delivered before it broadcast that")
	}
}

// inOrder judges whether each node has, before each message of a sender, those that the sender had delivered and that count.
func (r *record) inOrder(sender *node, rule Rule, counts func(m int32) bool, why string) {
	for _, n := range r.byName() {
		latest := r.latest(sender, n, counts)
		for _, m := range sender.sent {
			r.clock.Spend(1)
			here, delivered := n.at[m]
			before := min(r.messages[m].before, len(sender.delivered))
			if !delivered || before == 0 || latest[before-1] == none {
				continue
			}
			if earlier := latest[before-1]; n.position(earlier) > here.position {
				r.outOfOrder(rule, n, m, earlier, []int32{sender.at[earlier].told}, why, sender)
			}
		}
	}
}

// latest says, for each prefix of what a sender has delivered, which of the messages in it that count a node delivered last, or
// never; none if there is no such message.
func (r *record) latest(sender, n *node, counts func(m int32) bool) []int32 {
	all := make([]int32, len(sender.delivered))
	last := int32(none)
	for i, m := range sender.delivered {
		r.clock.Spend(1)
		if counts(m) && (last == none || n.position(m) > n.position(last)) {
			last = m
		}
		all[i] = last
	}
	return all
}

// never is the position of a message that a node has not delivered.
const never = 1<<31 - 1

func (n *node) position(m int32) int32 {
	if d, there := n.at[m]; there {
		return d.position
	}
	return never
}

// inRealTime judges whether a node has the messages of a sender in the order in which one had been acknowledged before the next
// was broadcast.
func (r *record) inRealTime(sender, n *node) {
	acknowledged := slices.SortedFunc(slices.Values(sender.sent), func(a, b int32) int {
		return int(r.operations[r.messages[a].sent].Returned - r.operations[r.messages[b].sent].Returned)
	})
	latest, next := int32(none), 0
	for _, m := range sender.sent { // in the order of their invocations
		r.clock.Spend(1)
		for ; r.operations[r.messages[acknowledged[next]].sent].Returned < r.operations[r.messages[m].sent].Invoked; next++ {
			if latest == none || n.position(acknowledged[next]) > n.position(latest) {
				latest = acknowledged[next]
			}
		}
		if here, delivered := n.at[m]; delivered && latest != none && n.position(latest) > here.position {
			r.outOfOrder(FIFOOrder, n, m, latest, nil, broadcastBefore, sender)
		}
	}
}

// outOfOrder notes that a node delivered a message without an earlier one.
func (r *record) outOfOrder(rule Rule, n *node, m, earlier int32, shown []int32, why string, sender *node) {
	shown = append(shown, r.messages[m].sent, r.messages[earlier].sent, n.at[m].told)
	without := "before"
	if n.position(earlier) == never {
		without = "without"
	} else {
		shown = append(shown, n.at[earlier].told)
	}
	r.broken(rule, n.name, shown, "%s delivered %v %s %v, "+why, n.name, r.messages[m].value, without, r.messages[earlier].value, sender.name)
}

// total judges that no two nodes have different messages in one place. It compares each with the one that has delivered most.
func (r *record) total() {
	if len(r.nodes) == 0 {
		return
	}
	all := r.byName()
	longest := slices.MaxFunc(all, func(a, b *node) int { return len(a.delivered) - len(b.delivered) })
	for _, n := range all {
		for i, m := range n.delivered {
			r.clock.Spend(1)
			if other := longest.delivered[i]; other != m {
				r.broken(TotalOrder, n.name, []int32{r.messages[m].sent, r.messages[other].sent, n.told[i], longest.told[i]},
					"%s delivered %v at position %d, where %s delivered %v", n.name, r.messages[m].value, i, longest.name, r.messages[other].value)
				break // all that follows is shifted
			}
		}
	}
}
