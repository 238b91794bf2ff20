package history

// A completion may say more than its invocation: what a read found, the token of a lock, a version. It must not say
// something else. The rule has three parts:
//
//   - In Jepsen, operations that take a value repeat it when they complete (see repeatsArgument). If such an operation was
//     invoked with nil or nothing, it takes effect with the value of its completion, as where a client draws the value.
//   - If its completion has a value of the same shape that differs, then one of the two is wrong. Shapes are the same for
//     two integers, two strings, two keywords, two lists of one length, and two maps; their elements are compared by
//     the same rule, so that nil may be filled in: [nil 7] and [1 7] agree, [6 7] and [1 7] do not.
//   - Any other value is an answer, and is kept as such: true, {:value "v1", :version 1} for "v1", or the number that adding
//     an element returned: a sum, or its place. A transaction is compared write by write.
//
// What failed took no effect, so its value is not looked at: a failed cas has found something else by definition. Nor is
// a keyword in an info, which says what went wrong, such as :timed-out.

// repeatsArgument tells whether Jepsen's clients complete a function with the value that it was invoked with.
func repeatsArgument(f string) bool {
	switch f {
	case "write", "w", "put", "append", "cas", "enqueue", "push", "add", "insert", "broadcast":
		return true
	}
	return false
}

// argumentOf is the argument of an operation that the event completes: the one it was invoked with, or else that of
// its completion. False means that the two contradict each other.
func argumentOf(op *Operation, e *Event) (argument Value, ok bool) {
	if e.Type == Fail || e.Type == Info && isKeyword(e.Value) {
		return op.Input, true
	}
	return fillIn(op.F, op.Input, e.Value)
}

func isKeyword(v Value) bool {
	t, ok := v.Literal()
	return ok && t[0] == ':'
}

// fillIn is argumentOf for an operation that took effect, or may have.
func fillIn(f string, invoked, completed Value) (argument Value, ok bool) {
	switch {
	case isNothing(completed) || completed.Equal(invoked):
		return invoked, true
	case f == "txn":
		return invoked, !transactionsDiffer(invoked, completed)
	case !repeatsArgument(f):
		return invoked, true
	case isNothing(invoked):
		return completed, true
	default:
		return invoked, !argumentsDiffer(f, invoked, completed)
	}
}

func isNothing(v Value) bool { return v.Kind() == None || v.Kind() == Nil }

func isList(v Value) bool { return v.Kind() == List || v.Kind() == Pair }

func argumentsDiffer(f string, v, w Value) bool {
	if _, isInt := v.Int(); isInt && answersWithNumber(f) {
		return false
	}
	return valuesDiffer(v, w)
}

// answersWithNumber tells whether a number that a function returns may be the sum, the size, or the place of what was added.
func answersWithNumber(f string) bool {
	return repeatsArgument(f) && f != "write" && f != "w" && f != "put" && f != "cas"
}

// valuesDiffer tells whether two values of one shape differ in more than what is nil in the first.
func valuesDiffer(v, w Value) bool {
	if isNothing(v) || !sameShape(v, w) {
		return false
	}
	switch v.Kind() {
	case Pair, List:
		return listsDiffer(v, w)
	case Map:
		return mapsDiffer(v, w)
	case Set:
		return false // elements cannot be told to belong together
	default:
		return !v.Equal(w)
	}
}

func sameShape(v, w Value) bool {
	switch {
	case isList(v) && isList(w):
		return v.Len() == w.Len()
	case v.Kind() == Literal && w.Kind() == Literal:
		return literalClass(v.shape.text[0]) == literalClass(w.shape.text[0])
	default:
		return v.Kind() == w.Kind()
	}
}

// literalClass tells keywords, characters, numbers, tagged forms, and names such as true apart, by how they begin.
func literalClass(first byte) byte {
	switch {
	case first == ':' || first == '\\' || first == '#':
		return first
	case first >= '0' && first <= '9' || first == '-' || first == '+':
		return '0'
	default:
		return 'a'
	}
}

func listsDiffer(v, w Value) bool {
	if v.shape == w.shape && v.Kind() == List {
		return false
	}
	for i := range v.Len() {
		if valuesDiffer(v.At(i), w.At(i)) {
			return true
		}
	}
	return false
}

// mapsDiffer compares what both maps have keys for.
func mapsDiffer(v, w Value) bool {
	entries, _ := w.Map()
	for _, e := range entries {
		if held, ok := v.get(e[0]); ok && valuesDiffer(held, e[1]) {
			return true
		}
	}
	return false
}

// transactionsDiffer compares the writes of two transactions, [[:r :x nil] [:w :y 2]] with what became of it. Reads are
// filled in. Those of other lengths are not compared: a model has to say what they mean.
func transactionsDiffer(v, w Value) bool {
	if !isList(v) || !isList(w) || v.Len() != w.Len() {
		return false
	}
	for i := range v.Len() {
		if microOperationsDiffer(v.At(i), w.At(i)) {
			return true
		}
	}
	return false
}

// microOperationsDiffer compares [:w :y 2] with [:w :y 3].
func microOperationsDiffer(v, w Value) bool {
	if !isList(v) || !isList(w) || v.Len() != 3 || w.Len() != 3 {
		return false
	}
	f, _ := nameOf(v.At(0))
	return repeatsArgument(f) && (valuesDiffer(v.At(0), w.At(0)) || valuesDiffer(v.At(1), w.At(1)) || argumentsDiffer(f, v.At(2), w.At(2)))
}
