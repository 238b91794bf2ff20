package byzantine

import "faultline/cluster"

const bugsFile = "cluster/byzantine/bugs.go"

// All are in the mode bracha.
var bugs = cluster.Bugs[*node]{
	{Bug: cluster.Bug{Name: "majority-enough", File: bugsFile, Mode: "bracha",
		Summary: "a node delivers a message that one other node is ready for",
		Why:     "that one may be the liar, who tells the others another message; thresholds of crash-tolerant algorithms, in which the sets only have to overlap",
		Canary:  true},
		Plant: func(n *node) { n.thresholds = thresholds{echoes: n.echoes, readies: 1, deliver: 1} }},
	{Bug: cluster.Bug{Name: "echo-early", File: bugsFile, Mode: "bracha",
		Summary: "a node gets ready when one node echoes",
		Why:     "honest nodes get ready for different messages, so that nobody, or not everybody, can deliver one"},
		Plant: func(n *node) { n.thresholds = thresholds{echoes: 1, readies: n.readies, deliver: n.deliver} }},
	{Bug: cluster.Bug{Name: "no-amplification", File: bugsFile, Mode: "bracha",
		Summary: "a node does not get ready because others are, without the echoes",
		Why: "if a liar echoes to some nodes only, one honest node delivers and another never does; the step is easily forgotten, since " +
			"nothing needs it without liars"},
		Plant: func(n *node) { n.readies = len(n.Others()) + 2 }},
}
