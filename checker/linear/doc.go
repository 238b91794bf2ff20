// Package linear decides whether a history is linearizable, for registers, texts, sets, queues, stacks, counters and mutexes.
//
// Valid and invalid are facts about the history given. Where the bounds on time and memory are too small for an answer, the
// answer is unknown. What is invalid is explained by a few operations that cannot be linearized, of which none can be left
// out; porcupine confirms that. The caller owes it a whole history: an operation left out may make a valid history look invalid.
//
// Each key is decided on its own, in stages: the order that the system claims, algorithms that need no search, and a search.
package linear
