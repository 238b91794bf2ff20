package history

import "errors"

// sense is how the values of a history are meant.
type sense uint8

const (
	unsettled sense = iota // either way so far
	plain                  // arguments and results
	tuples                 // [key argument] and [key result], as jepsen.independent has them
)

// Jepsen prints a tuple as any other vector, so that [3 4] may be the value 4 of the key 3, or a list.
// An invocation often tells: a read takes no argument and a cas takes two values, so of
//
//	:f :read, :value [3 nil]
//	:f :cas, :value [3 [4 5]]
//	:f :cas, :value [3 4 5]
//	:f :cas, :value [4 5]
//	:f :write, :value 4
//
// the first three have tuples and the others have not. Where all that was seen could be tuples, such as
// :f :write, :value [3 4], they are taken for tuples.

// sense tells how the value of an invocation is meant, going by nothing else.
func (r *record) sense() sense {
	if r.tuple {
		return tuples
	}
	key, v, ok := r.split()
	if !ok || isCollection(key) || key.Kind() == Nil || r.fields&hasKey != 0 {
		return plain
	}
	_, _, pair := two(v)
	switch {
	case r.F == "cas" && !pair:
		return plain
	case r.F == "cas", r.F == "read", v.Kind() == Nil:
		return tuples
	default:
		return unsettled
	}
}

// split takes a value apart as a tuple. A cas may have its key in front: [key old new].
func (r *record) split() (key, v Value, ok bool) {
	if r.F == "cas" && r.Value.Kind() == List && r.Value.Len() == 3 {
		return r.Value.At(0), ListValue(r.Value.At(1), r.Value.At(2)), true
	}
	return two(r.Value)
}

// two takes a list of two apart.
func two(v Value) (first, second Value, ok bool) {
	switch {
	case v.Kind() == Pair:
		return IntValue(v.a), IntValue(v.b), true
	case v.Kind() == List && len(v.shape.list) == 2:
		return v.shape.list[0], v.shape.list[1], true
	default:
		return Value{}, Value{}, false
	}
}

func isCollection(v Value) bool {
	return v.Kind() == Pair || v.Kind() == List || v.Kind() == Set || v.Kind() == Map
}

// untuple takes the key out of the value. The completion of an operation may lack the key that its
// invocation had, or have another value in its place, such as :timed-out; only an ok must have it.
func (r *record) untuple(invoked invocation) error {
	key, v, ok := r.split()
	ok = ok && (r.tuple || !isCollection(key))
	text, isText := "", false
	if ok {
		text, isText = keyText(key)
	}
	switch {
	case ok && (r.Type == Invoke || r.Type == OK || text == invoked.key):
		r.Key, r.textKey, r.Value = text, isText, v
		r.fields |= hasKey
	case r.Type == Invoke || r.Type == OK:
		return r.at.errorf("the value %s is not a [key value] tuple, as the values of this history are taken to be: it has them throughout or not at all", shortEDN(r.Value))
	default:
		r.Key = invoked.key
	}
	return nil
}

// keyKinds sees to it that no two keys of a history have the same text: 5 and "5" would.
type keyKinds struct{ texts, others bool }

var errMixedKeys = errors.New("some keys of this history are strings and others are not: they cannot be told apart by their text")

func (k *keyKinds) see(isText bool) error {
	k.texts = k.texts || isText
	k.others = k.others || !isText
	if k.texts && k.others {
		return errMixedKeys
	}
	return nil
}
