package ops

import (
	"fmt"

	"faultline/cluster/logical"
	"faultline/history"
)

// Replicated data types: objects that every replica changes by itself, and whose replicas agree once they have the same updates (Shapiro
// and others 2011). A type is known by the key, "or-set/3".
//
// An update is named by whoever makes it, as in Yjs and Automerge, and not by the replica. So a client knows the name of an update of which it
// does not know what became. It also says which updates it was made in view of, as clients of Riak do: the updates that the client has read, and
// its own. With these two the effect of an update is the same at every replica.
const (
	GCounter    = "g-counter"    // Add, of what is not negative
	PNCounter   = "pn-counter"   // Add
	LWWRegister = "lww-register" // Write: of concurrent writes one stays
	MVRegister  = "mv-register"  // Write: concurrent writes all stay, until one overwrites them that has seen them
	TwoPhaseSet = "2p-set"       // Add and Remove: what was removed does not come back
	ORSet       = "or-set"       // Add and Remove: an add stays unless the remove has seen it
	ORMap       = "or-map"       // Put and Remove of keys, as in an or-set; of concurrent values of a key one is read
	Text        = "text"         // Insert and Delete of characters
	Tree        = "tree"         // Move: of concurrent moves those that would make a circle have no effect
)

// The operations on them. Each takes an Update, and ok has the version of the replica that has taken it in: a Seen without a value.
//
//	Add, Remove   argument 5
//	Put           argument [key,value]
//	fail          it certainly was not and will not be made; its name can be used again
//	info          nobody knows; it may be made later, once
const (
	// Write writes a register. Its argument is the value.
	Write = "write"
	// Insert inserts a character between two that are next to each other in what the client has before it. The argument is their names,
	// [after, before], with null for the beginning and the end. A character has the name of the update that inserted it, "c1:3".
	Insert = "insert"
	// Delete deletes a character: its argument is the character's name.
	Delete = "delete"
	// Move makes a node of a tree a child of another. The argument is [node, parent]. The root is 0; a node that was never
	// moved is not in the tree.
	Move = "move"
)

// A Read of a replicated object has as its value the updates that the client wants to be in the answer, as a version. The answer is a Seen.
// A replica that lacks some of them refuses. The value of a counter is the count; of a register of one value that value, or null; of a register of
// many values and of a set a list in ascending order; of a map a map; of a text the names of its characters in order; of a tree a map from
// nodes to parents.

// Update is an update of a replicated object.
type Update struct {
	logical.Dot                // its name: the n-th update of this object by an actor, which is a session of a client
	Context     logical.Vector // the updates that it was made in view of: all earlier ones of the actor are among them
	Argument    history.Value
}

// Stamp is the time of an update. It extends the order in which updates have seen each other, as a Lamport clock does: whoever has seen more is
// later.
func (u Update) Stamp() logical.Stamp {
	time := uint64(1)
	for _, n := range u.Context {
		time += n
	}
	return logical.Stamp{Time: logical.Lamport(time), Node: u.Node}
}

// Encode is the update as a value: [argument, actor, n, context].
func (u Update) Encode() history.Value {
	return history.ListValue(u.Argument, history.TextValue(u.Node), history.IntValue(int64(u.N)), EncodeVector(u.Context))
}

// DecodeUpdate is the inverse of Update.Encode. The error says what the value is instead.
func DecodeUpdate(v history.Value) (u Update, err error) {
	parts, err := fields(v, 4, "an update")
	if err != nil {
		return u, err
	}
	if u.Node, err = text(parts[1], "the actor of an update"); err != nil {
		return u, err
	}
	n, err := whole(parts[2], "the number of an update")
	if err != nil || n < 1 {
		return u, fmt.Errorf("the number of an update is %s, and not 1 or more", shown(parts[2]))
	}
	u.Argument, u.N = parts[0], uint64(n)
	u.Context, err = DecodeVector(parts[3])
	return u, err
}

// Seen is what a client is told of an object: its value, None after an update, and the updates that it follows from.
type Seen struct {
	Value   history.Value
	Version logical.Vector
}

// Encode is the answer as a value: [version, value], or [version] after an update.
func (s Seen) Encode() history.Value {
	if s.Value.Kind() == history.None {
		return history.ListValue(EncodeVector(s.Version))
	}
	return history.ListValue(EncodeVector(s.Version), s.Value)
}

// DecodeSeen is the inverse of Seen.Encode. The error says what the value is instead.
func DecodeSeen(v history.Value) (s Seen, err error) {
	parts, ok := v.List()
	if !ok || len(parts) == 0 || len(parts) > 2 {
		return s, fmt.Errorf("an answer is %s, which is not a list of a version and perhaps a value", shown(v))
	}
	if len(parts) == 2 {
		s.Value = parts[1]
	}
	s.Version, err = DecodeVector(parts[0])
	return s, err
}

// EncodeVector is a set of updates as a value: a map from actors to how many of their updates there are.
func EncodeVector(v logical.Vector) history.Value {
	entries := make([][2]history.Value, 0, len(v))
	for actor, n := range v {
		entries = append(entries, [2]history.Value{history.TextValue(actor), history.IntValue(int64(n))})
	}
	return history.MapValue(entries...) // which sorts them
}

// DecodeVector is the inverse of EncodeVector. The error says what the value is instead.
func DecodeVector(v history.Value) (logical.Vector, error) {
	entries, ok := v.Map()
	if !ok {
		return nil, fmt.Errorf("a version is %s, which is not a map", shown(v))
	}
	version := logical.Vector{}
	for _, e := range entries {
		actor, err := text(e[0], "an actor")
		if err != nil {
			return nil, err
		}
		n, err := whole(e[1], "a number of updates")
		if err != nil || n < 1 {
			return nil, fmt.Errorf("the updates of %s are %s, and not 1 or more", actor, shown(e[1]))
		}
		version[actor] = uint64(n)
	}
	return version, nil
}
