package ops

import (
	"fmt"

	"faultline/history"
)

const (
	// SendAll appends records to several logs in one transaction. Who consumes the logs sees all of them sooner or later, or none.
	//
	//	value   [["a",5],["b",6]]: logs and values, each value unique in the test; records of one log are in this order
	//	ok      [["a",[17,5]],["b",[9,6]]]: each is at this offset of its log
	//	fail    nobody sees any of them, and nobody ever will
	//	info    nobody knows; all of them may be there
	SendAll = "send-all"

	// Abandon begins as SendAll, and aborts the transaction when it has sent all. It may do so before the last is there. Nobody may ever see any
	// of the records, whatever the outcome.
	//
	//	value   as for SendAll
	//	ok      []: the store has aborted it
	//	fail    the store has not said so; but it will, as nobody asks it to commit
	//	info    there are no transactions, and what was sent is there
	Abandon = "abandon"
)

// Sent is a record and the log that it is sent to.
type Sent struct {
	Log string
	Record
}

// EncodeSendAll is the value of a SendAll.
func EncodeSendAll(all []Sent) history.Value {
	return sentAs(all, func(s Sent) history.Value { return s.Value })
}

// EncodeSentAll is the answer to a SendAll.
func EncodeSentAll(all []Sent) history.Value {
	return sentAs(all, func(s Sent) history.Value { return s.Record.Encode() })
}

func sentAs(all []Sent, encode func(Sent) history.Value) history.Value {
	pairs := make([]history.Value, len(all))
	for i, s := range all {
		pairs[i] = history.ListValue(history.TextValue(s.Log), encode(s))
	}
	return history.ListValue(pairs...)
}

// DecodeSendAll is the inverse of EncodeSendAll; the offsets are Untold. The error says what the value is instead.
func DecodeSendAll(v history.Value) ([]Sent, error) {
	return each(v, "what is sent together", func(v history.Value) (Sent, error) {
		return sentIn(v, func(v history.Value) (Record, error) { return Record{Untold, v}, nil })
	})
}

// DecodeSentAll is the inverse of EncodeSentAll. The error says what the value is instead.
func DecodeSentAll(v history.Value) ([]Sent, error) {
	return each(v, "what was sent together", func(v history.Value) (Sent, error) { return sentIn(v, DecodeRecord) })
}

func sentIn(v history.Value, decode func(history.Value) (Record, error)) (Sent, error) {
	pair, err := fields(v, 2, "a log and a record")
	if err != nil {
		return Sent{}, err
	}
	log, err := text(pair[0], "a log")
	if err != nil {
		return Sent{}, err
	}
	r, err := decode(pair[1])
	if err != nil {
		return Sent{}, fmt.Errorf("%s: %w", log, err)
	}
	return Sent{log, r}, nil
}
