package objects

import (
	"fmt"

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
		register := c.Key + "/" + step.Key
		if step.Writes() {
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

// checkTxn refuses a transaction on registers that does more than to read and to write.
func checkTxn(argument history.Value) error {
	steps, err := ops.DecodeSteps(argument)
	if err != nil {
		return err
	}
	for _, step := range steps {
		if step.Kind != ops.ReadStep && step.Kind != ops.WriteStep {
			return fmt.Errorf("%s: a transaction on registers reads and writes, and has no step %q", ops.Txn, step.Kind)
		}
	}
	return nil
}

// onlyReads reports whether a transaction writes nothing.
func onlyReads(argument history.Value) bool {
	steps, err := ops.DecodeSteps(argument)
	return err == nil && ops.OnlyRead(steps)
}

// Parsed is a value that a store holds as JSON, which may be padded.
func Parsed(text string) history.Value {
	v, err := history.ParseValue([]byte(cluster.Unpad(text)))
	if err != nil { // nothing that a client wrote: show it as it is
		return history.TextValue(text)
	}
	return v
}
