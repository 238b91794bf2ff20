package ops

import "faultline/history"

// Process has a worker of a group do its next piece of work: it reads records that the group has not processed and appends a result of each
// to another log. Op.Key is the name of the group, whose logs are all those whose names begin with it and a slash. The results of the log
// "in/1" of the group "in" are in the log "out/1", if the value is "out". A result has the value of its record. Where the group goes on after a
// failure follows from what the store or its workers remember, which is what is tested.
//
//	value   "out": where the results are
//	ok      a map from logs to records, {"map":[["in/1",[[17,5],[18,9]]]]}: those of which this call has appended the results; empty
//	        if there was nothing to do
//	fail    this call has appended no result, and will not
//	info    nobody knows; it may have processed some
const Process = "process"

// ResultsOf is the log with the results of a log of a group.
func ResultsOf(log, group, results string) string { return results + log[len(group):] }

// EncodeProcessed is the answer to a Process that processed records of one log; none if there was nothing to do.
func EncodeProcessed(log string, all []Record) history.Value {
	if len(all) == 0 {
		return history.MapValue()
	}
	return history.MapValue([2]history.Value{history.TextValue(log), EncodeRecords(all)})
}

// Processed counts the records in the answer to a Process.
func Processed(answer history.Value) (n int) {
	logs, _ := answer.Map()
	for _, log := range logs {
		records, _ := log[1].List()
		n += len(records)
	}
	return n
}
