package objects

import (
	"slices"

	"faultline/cluster"
	"faultline/cluster/ops"
	"faultline/history"
)

// Txn carries out a transaction on the registers of a store. They have JSON, which may be padded.
func Txn(registers map[string]string, c Call) Answer {
	steps, err := ops.DecodeSteps(c.argument())
	if err != nil {
		return refused
	}
	for i, step := range steps {
		register := c.Key + "/" + step.Register
		if step.Write {
			registers[register] = step.Value.String()
			continue
		}
		steps[i].Value = history.NilValue()
		if held, there := registers[register]; there {
			steps[i].Value = Parsed(held)
		}
	}
	return answer(ops.EncodeSteps(steps))
}

// onlyReads reports whether a transaction writes nothing.
func onlyReads(argument history.Value) bool {
	steps, err := ops.DecodeSteps(argument)
	return err == nil && !slices.ContainsFunc(steps, func(s ops.Step) bool { return s.Write })
}

// Parsed is a value that a store holds as JSON, which may be padded.
func Parsed(text string) history.Value {
	v, err := history.ParseValue([]byte(cluster.Unpad(text)))
	if err != nil { // nothing that a client wrote: show it as it is
		return history.TextValue(text)
	}
	return v
}
