package ops

import (
	"time"

	"faultline/history"
)

// A lease lives as long as it is kept alive. Keys that are attached to it are deleted when it ends. Each key of a workload is
// attached to one lease and written once; it is read as a register is, and linearizably. TTLs are in milliseconds; a store that counts in seconds rounds up.
const (
	// Grant makes a lease.
	//
	//	value   the TTL that is wanted
	//	ok      a Lease, [id,ttl]: its number, and the TTL that the store gave it
	//	fail, info   there is no lease, or nobody knows its number
	Grant = "grant"

	// Attach writes a key and attaches it to a lease, in one step.
	//
	//	value   [id,5]
	//	ok      nothing more
	//	fail    nothing was written. The error is LeaseNotFound if the store says that there is no such lease.
	//	info    nobody knows; it may be written later, once
	Attach = "attach"

	// KeepAlive renews a lease, once. It is no loop: the workload decides when to renew.
	//
	//	value   id
	//	ok      a Lease, [id,ttl]: it lives for at least this TTL from some moment on between the call and the answer
	//	fail    it was not renewed. The error is LeaseNotFound if the store says that there is no such lease, as etcd does by a TTL
	//	        that is not above 0.
	//	info    nobody knows
	KeepAlive = "keep-alive"

	// Revoke ends a lease.
	//
	//	value   id
	//	ok      it has ended
	//	fail    it was not ended by this. The error is LeaseNotFound if the store says that there is no such lease.
	//	info    nobody knows; it may be ended later
	Revoke = "revoke"
)

// LeaseNotFound is the error of an operation on a lease that the store says there is not.
const LeaseNotFound = "lease-not-found"

// Lease is the answer to a Grant or a KeepAlive.
type Lease struct {
	ID  int64
	TTL time.Duration // in whole milliseconds
}

// Encode is the lease as a value: [id, milliseconds].
func (l Lease) Encode() history.Value { return history.PairValue(l.ID, l.TTL.Milliseconds()) }

// DecodeLease is the inverse of Lease.Encode. The error says what the value is instead.
func DecodeLease(v history.Value) (Lease, error) {
	parts, err := fields(v, 2, "a lease")
	if err != nil {
		return Lease{}, err
	}
	id, err := whole(parts[0], "the number of a lease")
	if err != nil {
		return Lease{}, err
	}
	ms, err := whole(parts[1], "a TTL")
	return Lease{ID: id, TTL: time.Duration(ms) * time.Millisecond}, err
}

// TTL is the argument of a Grant.
func TTL(d time.Duration) history.Value { return history.IntValue(d.Milliseconds()) }

// Attachment is the argument of an Attach.
type Attachment struct {
	Lease int64
	Value history.Value
}

// Encode is the attachment as a value: [id, value].
func (a Attachment) Encode() history.Value {
	return history.ListValue(history.IntValue(a.Lease), a.Value)
}

// DecodeAttachment is the inverse of Attachment.Encode. The error says what the value is instead.
func DecodeAttachment(v history.Value) (Attachment, error) {
	parts, err := fields(v, 2, "an attachment")
	if err != nil {
		return Attachment{}, err
	}
	id, err := whole(parts[0], "the number of a lease")
	return Attachment{Lease: id, Value: parts[1]}, err
}
