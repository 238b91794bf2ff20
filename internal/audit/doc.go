// Package audit compares the verdicts of Faultline's checkers with those of an oracle, on random histories.
//
// The oracle (package oracle) tries every order, by code that follows the definitions word for word: linearizability as
// Herlihy and Wing define it, the consistency models as docs/checking.md and its sources define them, and the objects
// as the documentation of package linear describes them. It was written without sight of the checkers, and shares
// nothing with them, with package history, or with porcupine.
//
// The histories (package generate) are small and adversarial: few values and repeated ones, values that a careless reader
// takes for equal, operations that nothing completes, answers that are wrong, claims of the system that are wrong, equal
// times, objects that hold something at first. They come from objects that work and from replicas that lag, and some are
// spoilt afterwards.
//
// Each history of an object is judged by linear.Linearizable and by a stream with next to no memory, which closes keys as
// soon as it can. Many are also written to a file, in each format and in spellings that are allowed but unusual, and judged by
// package recorded with the model given, and some with the model guessed. Histories of registers are judged for all consistency
// models of package ladder, in memory and from files, and for bounded staleness by package linear. These must agree with the oracle:
//
//   - the verdict, and for linear the keys that are invalid;
//   - each explanation: the operations that a finding names must be invalid by themselves, by the oracle;
//   - the least bound on staleness, to a millisecond.
//
// What is judged by checkers that look at a history as a whole (sets, queues, locks, counters, banks, ids, logs, versioned registers, long forks and the like) has
// an oracle for each, a Promise: the rules of the checker's documentation, tried out over all reads, all orders, all subsets of what has an
// unknown outcome. Their histories come from services that forget, repeat, lag or tear what they hold, with final reads or without. The checker
// is the one that the catalog has, and every eighth history is a file as well. The oracle must agree about the verdict, about each rule
// that is broken and on which object, and about what a finding shows: it must break the same rule by itself, unless the documentation
// says that the rule is about the whole history. But for that of registers with versions, these oracles were written without sight of
// the checkers. They were changed where the documentation had left something open and now says it. Histories of which it does not speak are not compared.
//
// Transactions have an oracle of their own, package isolation: each level of isolation by its definition, over all orders of the transactions,
// all outcomes of those whose outcome is unknown, and all versions that a read may have seen. Their histories (package transactions) come from
// stores that take locks or show snapshots, of which each rule may be missing. What the checkers refute must not be kept by the oracle, and what
// they find to be kept must not be refuted; unknown is no answer for a level that they decide. Where reads show the order of lists, each
// anomaly that is found must be there, and its cycle must be one of dependencies. What the definitions leave open, and package isolation says
// where that is, is not compared.
//
// Unknown counts as a difference unless the history says nothing, a stream has no memory left for a search, or the
// documentation of the model says that such a history is not decided. A file of which package recorded says that a function never
// succeeded counts as valid. A guess may refuse; it must not find a history invalid that a model that fits allows, nor valid one that none
// of them does.
//
// Each kind of difference is reported with the smallest history that shows it. A few thousand histories are part of
// the tests. A million:
//
//	go test -tags long -run 'Million$' -timeout 60m -v ./internal/audit -audit.seed 1
//	go test -tags long -run MillionTransactions -timeout 60m -v ./internal/audit -audit.seed 1 -audit.count 100000
//	go test -tags long -run MillionPromises -timeout 60m -v ./internal/audit -audit.seed 1
//
// With -audit.count they draw fewer or more, with -audit.model for one model alone, and with -audit.out they keep the smallest histories as
// files. Last result of Million: seeds 100 and 4242, a million histories each, of which 103,563 and 103,735 are not linearizable: no
// difference. Those of MillionPromises and MillionTransactions are in docs/checking.md.
package audit
