// Package registers infers the order of the versions of registers, and which transactions therefore come before which.
//
// Reads of registers show no order. It is inferred, as in Elle's rw-register (Kingsbury and Alvaro 2020), from what would have to be an
// anomaly otherwise, so each source holds for those models alone that forbid it:
//
//   - The initial version comes first, by definition.
//   - Writes follow reads: what a transaction writes comes after what it read of the same key. Else it would have overwritten
//     something that it has seen the result of: G1c.
//   - Sessions: what a session sees or writes of a key comes after what it saw or wrote of it before. Else one of its transactions misses
//     what an earlier one had seen, G-single-process at the most.
//   - Real time: the same where a transaction had returned before another was invoked: G-single-realtime at the most.
//
// What a level of the last two adds holds for the models that ask for it, so a cycle that rests on it is one of that level.
//
// No order of versions is needed for information that flows in a circle: all that these sources would add to the edges of write to read, session and
// real time follows from those. So G0 and G1c are looked for in Flow, and what has anti-dependencies in Relation.
package registers
