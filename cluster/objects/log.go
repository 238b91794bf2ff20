package objects

import (
	"encoding/json"
	"slices"

	"faultline/cluster/ops"
	"faultline/history"
)

// log has the records at the offsets 0, 1, 2, …
type log struct{ records []int64 }

// mostRecords is how many records one answer has.
const mostRecords = 100

// A poll is a fetch of what the store chooses to show. Which node is asked, and who waits, is the store's affair.
var logs = kind{name: "", changes: []string{ops.Send}, queries: []string{ops.Poll, ops.Fetch}, check: integer,
	fresh: func() Object { return &log{} }}

func (l *log) change(_ string, argument history.Value, _ Call) Answer {
	n, _ := argument.Int()
	l.records = append(l.records, n)
	return answer(ops.Record{Offset: int64(len(l.records)) - 1, Value: argument}.Encode())
}

func (l *log) query(_ string, argument history.Value) Answer {
	from, _ := argument.Int()
	first := min(max(0, from), int64(len(l.records)))
	var found []ops.Record
	for i, n := range l.records[first:min(first+mostRecords, int64(len(l.records)))] {
		found = append(found, ops.Record{Offset: first + int64(i), Value: history.IntValue(n)})
	}
	return answer(ops.EncodeRecords(found))
}

// Clone implements Object. The copy shares the records: the log only adds behind them.
func (l *log) Clone() Object { return &log{slices.Clip(l.records)} }

// MarshalJSON implements json.Marshaler.
func (l *log) MarshalJSON() ([]byte, error) { return marshalList(l.records) }

// UnmarshalJSON implements json.Unmarshaler.
func (l *log) UnmarshalJSON(b []byte) error { return json.Unmarshal(b, &l.records) }
