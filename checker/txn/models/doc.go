// Package models relates levels of isolation and the anomalies that refute them.
//
// A Model is a level by its usual name, such as snapshot-isolation, or by one of Adya's, such as PL-SI. It says which weaker levels it
// implies and which anomalies it proscribes beyond theirs. An Anomaly is named as Adya and Elle name it, and says which weaker
// anomalies it is a case of. Both relations together tell what a history with some anomalies cannot be:
//
//	refuted := models.Refuted("G-single-item", "G2-item-process")
//	models.Strongest(refuted) // what nothing refutes
//
// The levels are those of Adya (Weak Consistency, 1999), Bailis and others (Highly Available Transactions, 2013), Cerone, Bernardi and
// Gotsman (A Framework for Transactional Consistency Models, 2015), and Daudjee and Salem (Lazy Database Replication with
// Snapshot Isolation, 2006). The relations follow Elle's consistency_model.clj, with what it marks as incomplete added where there is a
// theorem: Cerone and Gotsman (Analysing Snapshot Isolation, 2016) for parallel snapshot isolation, and Cerone, Gotsman and Yang
// (Algebraic Laws for Weak Consistency, 2017) for prefix consistency.
//
// Levels of single objects, such as linearizable, are not here: package ladder decides them. Snapshot isolation is the
// generalized one of Elnikety, Pedone and Zwaenepoel (2005), whose snapshots may be old; the strong forms ask for fresh ones.
package models
