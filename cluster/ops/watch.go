package ops

import "faultline/history"

// A store with revisions numbers its changes: a change makes the next revision, and all that is changed in one transaction has the
// same one. etcd is such a store.
const (
	// Put writes a key. With a map in place of a value, and without a Key, it writes several keys in one transaction, which makes
	// one revision.
	//
	//	value   5, unique in the test; or {"map":[["a",5],["b",6]]}, for Op.Key ""
	//	ok      a Version, [17,5]: the revision that this change made, with the value or the map once more
	//	fail    it certainly was not and will not be written
	//	info    nobody knows; it may be written later, once
	Put = "put"

	// Remove deletes a key.
	//
	//	value   none
	//	ok      a Version, [17,null], if there was something to delete, and with revision 0 if there was nothing: [0,null]
	//	fail, info   as for Put
	Remove = "remove"

	// Watch returns the events on all keys with the prefix Op.Key that have arrived since the last Watch of this client. The client
	// keeps the watch open in between, on the node near which it is if that can be asked, else on any. It opens it at the revision in
	// the value if it has none, if it has broken or was canceled, or if it has arrived somewhere else than the value says; what it
	// then held of the old one is dropped. So whatever becomes of clients and connections, the workload goes on after the last revision
	// that it has seen.
	//
	//	value   a revision: events from it on, it included. 1 for all; the last revision that was received plus one to go on.
	//	ok      events, [[17,"a",5],[18,"b",null],[20]]: at least one, all that have arrived and at most what the store sent in
	//	        one piece beyond 1,000; or [] when the time is up. The client passes on what it is given in the order in which it
	//	        arrived. It does not sort, and drops neither repeated events nor those below the revision. It never cuts through
	//	        what the store sent in one piece.
	//	fail    no watch could be opened. If the store says that the revision is compacted, the error is Compacted and the value is
	//	        the first revision from which it can be watched.
	Watch = "watch"
)

// Compacted is the error of a Watch from a revision that the store no longer has.
const Compacted = "compacted"

// Version is the answer to a Put or a Remove: what was written, and the revision that this made.
type Version struct {
	Revision int64
	Value    history.Value
}

// Encode is the version as a value: [revision, value].
func (v Version) Encode() history.Value {
	return history.ListValue(history.IntValue(v.Revision), v.Value)
}

// DecodeVersion is the inverse of Version.Encode. The error says what the value is instead.
func DecodeVersion(v history.Value) (Version, error) {
	parts, err := fields(v, 2, "a version")
	if err != nil {
		return Version{}, err
	}
	revision, err := whole(parts[0], "a revision")
	return Version{Revision: revision, Value: parts[1]}, err
}

// Event is what a watch tells: that a revision gave a key a value, or deleted it (the value is Nil).
//
// An event without a key is a progress notification: the store says that it has delivered all events up to the revision, it included.
// A client passes those on that it is given; it need not ask for them.
type Event struct {
	Revision int64
	Key      string
	Value    history.Value
}

// Progress reports whether the event is a progress notification.
func (e Event) Progress() bool { return e.Key == "" }

// Encode is the event as a value: [revision, key, value], and [revision] for a progress notification.
func (e Event) Encode() history.Value {
	if e.Progress() {
		return history.ListValue(history.IntValue(e.Revision))
	}
	return history.ListValue(history.IntValue(e.Revision), history.TextValue(e.Key), e.Value)
}

// DecodeEvent is the inverse of Event.Encode. The error says what the value is instead.
func DecodeEvent(v history.Value) (Event, error) {
	parts, _ := v.List()
	if len(parts) == 1 {
		revision, err := whole(parts[0], "the revision of an event")
		return Event{Revision: revision}, err
	}
	parts, err := fields(v, 3, "an event")
	if err != nil {
		return Event{}, err
	}
	revision, err := whole(parts[0], "the revision of an event")
	if err != nil {
		return Event{}, err
	}
	key, err := text(parts[1], "the key of an event")
	return Event{Revision: revision, Key: key, Value: parts[2]}, err
}

// EncodeEvents is the answer to a Watch.
func EncodeEvents(all []Event) history.Value { return list(all) }

// DecodeEvents is the inverse of EncodeEvents.
func DecodeEvents(v history.Value) ([]Event, error) { return each(v, "an answer", DecodeEvent) }
