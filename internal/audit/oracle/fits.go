package oracle

import "slices"

// Fits tells whether an operation is of the form that a specification speaks of.
func (s Spec) Fits(op *Operation) bool {
	form, ok := forms[s.Name][op.F]
	return ok && form.input(op.Input) && (op.Outcome != OK || form.output(op.Output))
}

type form struct{ input, output func(Value) bool }

func anything(Value) bool { return true }

func are(kinds ...Kind) func(Value) bool {
	return func(v Value) bool { return slices.Contains(kinds, v.kind) }
}

var (
	nothing = are(None, Nil)
	pair    = func(v Value) bool { return v.kind == List && len(v.items) == 2 }
	command = form{anything, anything}
	query   = form{nothing, anything}
)

// forms are the functions of each model, with what they take and return.
var forms = map[string]map[string]form{
	"register":        {"read": query, "write": command},
	"cas-register":    {"read": query, "write": command, "cas": {pair, anything}, "delete": query},
	"kv":              {"get": {nothing, are(Nil, Text)}, "put": {are(Text), anything}, "append": {are(Text), anything}},
	"set":             {"add": command, "read": {nothing, are(List, Set)}},
	"fifo-queue":      {"enqueue": command, "dequeue": query},
	"unordered-queue": {"enqueue": command, "dequeue": query},
	"stack":           {"push": command, "pop": query},
	"priority-queue":  {"insert": {are(Int), anything}, "delete-min": {nothing, are(None, Nil, Int)}},
	"counter":         {"add": {are(Int), anything}, "inc": {are(None, Nil, Int), anything}, "dec": {are(None, Nil, Int), anything}, "read": {nothing, are(Int)}},
	"mutex":           {"acquire": command, "release": command},
	"multi-register":  {"read": {are(None, Nil, Map), are(Map)}, "write": {are(Map), anything}, "txn": {transaction, transaction}},
}

func transaction(v Value) bool {
	if v.kind == Map {
		return true
	}
	return v.kind == List && !slices.ContainsFunc(v.items, func(step Value) bool {
		return len(step.items) != 3 || step.items[0].canon != ":r" && step.items[0].canon != ":w"
	})
}
