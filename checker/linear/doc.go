// Package linear decides whether a history is linearizable, for registers, texts, sets, queues, stacks, counters and mutexes.
//
// Valid and invalid are facts about the history given. Where the bounds on time and memory are too small, the answer is
// unknown. An invalid history is explained by a few operations that cannot be linearized by themselves. None of them can be left out, unless
// time ran out; porcupine is asked about them too. The caller must give the whole history: without some operation, a valid one may look invalid.
//
// Each key is decided on its own, in stages: the order that the system claims, algorithms that need no search, and a search.
package linear
