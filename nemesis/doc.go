// Package nemesis is faults as text: a language for schedules of faults, generators that draw schedules
// from a seed, and a Runner that carries one out.
//
// A schedule has one event a line, a time since the start of the test and what is done then:
//
//	12.5s partition n1,n2 | n3,n4,n5   # two halves that do not hear each other
//	18s   heal
//	20s   crash leader
//	25s   restart all
//
// The clock of a node's machine jumps, drifts, or jumps back and forth until it is set right:
//
//	30s   jump leader -2s
//	35s   drift n1,n2 1.05             # gains three seconds in a minute
//	40s   strobe one +300ms every 100ms
//	45s   correct all
//
// What a node decides by its own clock (in raftkv how long a lease lasts and how old it lets a bounded read be)
// it then decides wrongly. Timers inside the process, raft's own among them, count on a clock that nobody sets.
//
// The leader hands over to a node, or without one to whom it prefers; nobody ends that:
//
//	50s   transfer n3
//	55s   transfer
//
// Nodes leave the cluster and join it again, by way of its leader: as voters, or without a vote. More than half of
// all nodes stay voters:
//
//	60s   remove leader
//	65s   demote n2
//	70s   add-nonvoter all
//	75s   promote n2
//	80s   add all                      # as voters, whatever they are
//	85s   replace one                  # by a machine with an empty disk, once its removal is committed
//
// An action aims at nodes by name, or by a symbol (leader, one, minority, majority, all) that the
// Runner resolves at that moment.
//
// The package guarantees that a schedule that is printed and parsed again is the same schedule; that a
// schedule follows from its options and generator alone, and the choices of a Runner from its own
// generator, the schedule and the answers of the system; that every action is recorded in the form that
// history.Faults reads, also the one that had no effect, with the reason; and that nothing is left cut,
// down, paused,
// with a wrong clock or without a vote by a Runner after Heal, unless the system refused, which is recorded too.
//
// The caller owes nodes' names that are no words of the language (Check and Generate refuse others), a
// schedule that Check accepted for the same nodes, and a system that nobody else hurts meanwhile. The
// system must let a paused node be crashed, which ends the pause.
package nemesis
