package ops

import (
	"fmt"

	"faultline/history"
)

// A log gives each record that it accepts an offset, which grows: a stream of JetStream (where it is called sequence), a
// partition of Kafka. Op.Key is the name of the log.
const (
	// Send appends a record.
	//
	//	value   5                     unique in the test
	//	ok      a Record, [17,5]      the store has acknowledged it at this offset; or [null,5], it does not say where, as the client
	//	                              waits for no answer
	//	fail    it certainly was not and will not be appended
	//	info    nobody knows; the record may be there, once
	Send = "send"

	// Fetch reads the log from an offset on, as the node near which the client is has it. The client asks that node and no other:
	// if it cannot be asked the operation has failed. Fetch belongs to no consumer and changes nothing.
	//
	//	value   an offset: 0 for the first record that there is
	//	ok      records, [[17,5],[18,9]]: those from the offset on, in the order of the log, without a gap in what the node has.
	//	        A client may stop after any of them, but returns at least one if the node has one. If it has none the client
	//	        waits for one, and returns [] when the time is up.
	//	fail    the node did not answer
	Fetch = "fetch"

	// Poll is Fetch as a consumer does it: a subscription that the store feeds, through whichever node. The client keeps the
	// subscription open from one Poll to the next. It opens it at the offset in the value if it has none, if it has broken, or if
	// the consumer has arrived somewhere else than the value says; so whatever becomes of clients and connections, the
	// workload goes on where the last answer ended.
	//
	//	value   an offset: that of the last record that was received plus one, 0 at first
	//	ok      records as for Fetch: at least one, or [] when the time is up. The client passes on what it is given in the order
	//	        in which it arrived. It does not sort, and drops neither repeated records nor those below the offset.
	//	fail    no subscription could be opened
	Poll = "poll"
)

// Record is an entry of a log.
type Record struct {
	Offset int64 // or Untold
	Value  history.Value
}

// Untold is the offset of a record of which a client does not know it.
const Untold = -1

// Encode is the record as a value: [offset, value], or [null, value] if its offset is Untold.
func (r Record) Encode() history.Value {
	if r.Offset == Untold {
		return history.ListValue(history.NilValue(), r.Value)
	}
	return history.ListValue(history.IntValue(r.Offset), r.Value)
}

// DecodeRecord is the inverse of Record.Encode. The error says what the value is instead.
func DecodeRecord(v history.Value) (Record, error) {
	parts, err := fields(v, 2, "a record")
	if err != nil {
		return Record{}, err
	}
	if parts[0].Kind() == history.Nil {
		return Record{Offset: Untold, Value: parts[1]}, nil
	}
	offset, err := count(parts[0], "the offset of a record")
	return Record{Offset: offset, Value: parts[1]}, err
}

// EncodeRecords is the answer to a Fetch or a Poll.
func EncodeRecords(all []Record) history.Value { return list(all) }

// DecodeRecords is the inverse of EncodeRecords.
func DecodeRecords(v history.Value) ([]Record, error) {
	return each(v, "an answer", func(v history.Value) (Record, error) {
		r, err := DecodeRecord(v)
		if err == nil && r.Offset == Untold {
			err = fmt.Errorf("a record that was read is %s, without an offset", shown(v))
		}
		return r, err
	})
}
