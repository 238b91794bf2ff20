// Package replicated judges objects of replicated data types, of which package ops tells: counters, registers, sets, maps, texts and trees that
// each replica changes by itself.
//
// An answer tells which updates it follows from: its version. An update says which updates it was made in view of: its context. So there is an
// abstract execution (Burckhardt, Gotsman, Yang and Zawirski 2014): an answer sees the updates of its version, an update those of its context, and
// stamps that follow from contexts arbitrate between updates that have not seen each other. What the client has from itself, names, contexts
// and arguments, is evidence. A version is a claim that the system is held to:
//
//	known      an answer sees only updates that clients have asked for by then, and none that failed
//	session    an answer sees what its client had seen before, and an update's own answer that update
//	causal     an answer that sees an update sees what that was made in view of
//	value      the value is what the type makes of the updates that the answer sees
//	converged  answers of the last phase see every update that was acknowledged, or seen by anybody, before that phase began
//
// So replicas with the same updates have the same value at any time, which is strong convergence, and in the end all have all. The types are
//
//	g-counter, pn-counter  the sum of the adds
//	lww-register           the write with the largest stamp
//	mv-register            all writes that no other write has seen
//	2p-set                 an element is there if an add of it is seen, and no remove of it
//	or-set                 an element is there if an add of it is seen that no remove of it has seen
//	or-map                 as or-set for keys; of the puts of a key that no remove has seen the one with the largest stamp counts
//	tree                   moves one after the other by their stamps; one that would put a node below itself has no effect (Kleppmann and others 2021)
//	text                   the characters that are inserted and not deleted, in an order as below
//
// What a text says of the order of characters is judged over all its answers together:
//
//	order     there is one order of all characters in which every answer has them, and every insert is between its two neighbours (the strong list
//	          specification: Attiya and others 2016)
//	forward   there is one in which what was typed one after the other stays together: it goes through the tree in which each character is below the one
//	          after which it was inserted, each before those below it (forward non-interleaving: Weidner and Kleppmann 2023)
//	backward  and what was typed one before the other stays together too, where that is possible: of those that were inserted after the same
//	          character, those that were inserted before one of them too are next to it
//
// For the last rule one has to know before which character, deleted or not, an insert was. Where that does not follow from what clients saw,
// the insert is left out of that rule. What is shown of a text is evidence only together with the rest of the history.
package replicated
