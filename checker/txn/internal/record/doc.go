// Package record is a history of transactions in columns: what each of them did, which write each read saw, and, for lists, the order of
// versions as far as reads show it. It is made in one pass, in linear time, and takes some hundred bytes a transaction.
//
// A read of a list is kept as its length, as it is a prefix of the longest list that was read of its key (Kingsbury and Alvaro, Elle:
// Inferring Isolation Anomalies from Experimental Observations, 2020, section 4). Reads that are not are kept as they are.
package record
