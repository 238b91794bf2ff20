package byzantine

import "faultline/cluster"

// bug is a planted bug: it takes the place of parts of each node before that starts. All are in the mode bracha.
type bug struct {
	cluster.Bug
	plant func(*node)
}

func planting(name string) func(*node) {
	for _, b := range bugs {
		if b.Name == name {
			return b.plant
		}
	}
	return nil
}

const bugsFile = "cluster/byzantine/bugs.go"

var bugs = []bug{
	{cluster.Bug{Name: "majority-enough", File: bugsFile, Mode: "bracha",
		Summary: "a node delivers what one other is ready for",
		Why:     "that one may be the liar, who tells the others another message; thresholds of crash-tolerant algorithms, in which the sets only have to overlap",
		Canary:  true},
		func(n *node) { n.thresholds = thresholds{echoes: n.echoes, readies: 1, deliver: 1} }},
	{cluster.Bug{Name: "echo-early", File: bugsFile, Mode: "bracha",
		Summary: "a node gets ready when one node echoes",
		Why:     "honest nodes get ready for different messages, so that nobody, or not everybody, can deliver one"},
		func(n *node) { n.thresholds = thresholds{echoes: 1, readies: n.readies, deliver: n.deliver} }},
	{cluster.Bug{Name: "no-amplification", File: bugsFile, Mode: "bracha",
		Summary: "a node that others are ready with does not get ready itself without the echoes",
		Why:     "where a liar echoes to some only, one honest node delivers and another never does; the step is easy to leave out, as without liars nothing needs it"},
		func(n *node) { n.readies = len(n.Others()) + 2 }},
}
