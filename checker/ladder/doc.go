// Package ladder decides which of the known consistency models a history of registers keeps, from linearizable
// down to eventual, and measures how far its reads are from the strongest.
//
// It knows nothing but histories. The operations are those of linear.CASRegister: read, write, cas and delete, on
// any number of keys, which hold null at first unless Options.Initial says otherwise. A session is a process: what one client
// did after an operation whose outcome it never learned is another session.
//
// Valid and invalid are facts about the history, whatever system produced it: invalid means that no execution of the
// model can have given these answers, valid that one can have. Where that is not decided the answer is unknown, with the
// reason. Verdicts agree along the edges of Model.Implies. The caller must give the whole history.
//
// A value must tell which operation wrote it: on each key no value is written twice, and the initial value, mostly null, is never
// written, not even by a delete. Reads for which this fails are left out. That cannot make a valid history invalid, but a history that
// is then not invalid is unknown.
package ladder
