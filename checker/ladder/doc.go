// Package ladder decides which of the known consistency models a history of registers keeps, from linearizable
// down to eventual, and measures how far its reads are from the strongest.
//
// It knows nothing but histories. The operations are those of linear.CASRegister: read, write, cas and delete, on
// any number of keys that all hold null at first. A session is a process: what one client did after an operation
// whose outcome it never learned is another session.
//
// It guarantees that valid and invalid are facts about the history, whatever stood behind it: invalid means that no
// execution of the model can have given these answers, valid that one can have. Where that is not decided it says
// unknown and why. Verdicts agree along the edges of Model.Implies. Its caller owes it a whole history.
//
// From a value it must be clear who wrote it: on each key no value is written twice, and null never, by a delete
// either. Where that fails, what was read is left out, which cannot make a history invalid that is not; what is then
// not invalid is unknown.
package ladder
