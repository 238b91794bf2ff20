package ops_test

import (
	"fmt"
	"testing"
	"time"

	"faultline/cluster/ops"
	"faultline/history"
)

// The values as they stand in a history.
func Example() {
	five := history.IntValue(5)
	fmt.Println(ops.EncodeRecords([]ops.Record{{Offset: 17, Value: five}, {Offset: 18, Value: history.IntValue(9)}}))
	fmt.Println(ops.EncodeEvents([]ops.Event{{Revision: 17, Key: "a", Value: five}, {Revision: 18, Key: "b", Value: history.NilValue()}, {Revision: 20}}))
	fmt.Println(ops.Version{Revision: 17, Value: history.NilValue()}.Encode())
	fmt.Println(ops.Lease{ID: 7, TTL: 3 * time.Second}.Encode())
	fmt.Println(ops.EncodeSteps([]ops.Step{ops.ReadOf("a"), ops.WriteTo("b", five)}))
	fmt.Println(ops.State{Revision: 300, Hash: 1234}.Encode())
	// Output:
	// [[17,5],[18,9]]
	// [[17,"a",5],[18,"b",null],[20]]
	// [17,null]
	// [7,3000]
	// [["r","a",null],["w","b",5]]
	// [300,1234,0]
}

// What is encoded is decoded as it was.
func TestDecode(t *testing.T) {
	for _, c := range []struct {
		value string
		again func(history.Value) (history.Value, error)
	}{
		{`[17,5]`, again(ops.DecodeRecord)},
		{`[17,"garbage"]`, again(ops.DecodeRecord)},
		{`[]`, all(ops.DecodeRecords, ops.EncodeRecords)},
		{`[[17,5]]`, all(ops.DecodeRecords, ops.EncodeRecords)},
		{`[["a",5],["b",6],["a",7]]`, all(ops.DecodeSendAll, ops.EncodeSendAll)},
		{`[["a",[17,5]],["b",[9,6]]]`, all(ops.DecodeSentAll, ops.EncodeSentAll)},
		{`[17,null]`, again(ops.DecodeVersion)},
		{`[17,{"map":[["a",5],["b",6]]}]`, again(ops.DecodeVersion)},
		{`[[17,"a",5],[18,"b",null],[20]]`, all(ops.DecodeEvents, ops.EncodeEvents)},
		{`[7,3000]`, again(ops.DecodeLease)},
		{`[7,5]`, again(ops.DecodeAttachment)},
		{`[33,5]`, again(ops.DecodeFenced)},
		{`[["r","a",[5,7,9]],["append","b",5],["scan","b/",{"map":[["b/1",5]]}]]`, all(ops.DecodeSteps, ops.EncodeSteps)},
		{`[["r","a",null],["w","b",5]]`, all(ops.DecodeSteps, ops.EncodeSteps)},
		{`[300,1234,0]`, again(ops.DecodeState)},
	} {
		v, err := history.ParseValue([]byte(c.value))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := c.again(v); err != nil || got.String() != c.value {
			t.Errorf("%s: %v, %v", c.value, got, err)
		}
	}
}

// What is something else is said to be.
func TestDecodeSomethingElse(t *testing.T) {
	for _, c := range []struct {
		value, want string
		decode      func(history.Value) (history.Value, error)
	}{
		{`5`, "a record is 5, which is not a list of 2", again(ops.DecodeRecord)},
		{`["a",5]`, `the offset of a record is "a", which is not an integer`, again(ops.DecodeRecord)},
		{`[-1,5]`, "the offset of a record is -1, which is less than 0", again(ops.DecodeRecord)},
		{`[[null,5]]`, "a record that was read is [null,5], without an offset", all(ops.DecodeRecords, ops.EncodeRecords)},
		{`null`, "an answer is null, which is not a list", all(ops.DecodeRecords, ops.EncodeRecords)},
		{`[[17,5],6]`, "a record is 6, which is not a list of 2", all(ops.DecodeRecords, ops.EncodeRecords)},
		{`[[17,4,5]]`, "the key of an event is 4, which is not a text", all(ops.DecodeEvents, ops.EncodeEvents)},
		{`[["x","a",1]]`, `a step is "x", which is none of ["r" "w" "append" "scan"]`, all(ops.DecodeSteps, ops.EncodeSteps)},
		{`["a",5]`, `a token is "a", which is not an integer`, again(ops.DecodeFenced)},
		{`[["a",5]]`, "a: a record is 5, which is not a list of 2", all(ops.DecodeSentAll, ops.EncodeSentAll)},
		{`[1,2]`, "a state is [1,2], which is not a list of 3", again(ops.DecodeState)},
	} {
		v, err := history.ParseValue([]byte(c.value))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.decode(v); err == nil || err.Error() != c.want {
			t.Errorf("%s: %v, want %s", c.value, err, c.want)
		}
	}
}

func again[T interface{ Encode() history.Value }](decode func(history.Value) (T, error)) func(history.Value) (history.Value, error) {
	return func(v history.Value) (history.Value, error) {
		t, err := decode(v)
		if err != nil {
			return history.Value{}, err
		}
		return t.Encode(), nil
	}
}

func all[T any](decode func(history.Value) ([]T, error), encode func([]T) history.Value) func(history.Value) (history.Value, error) {
	return func(v history.Value) (history.Value, error) {
		ts, err := decode(v)
		if err != nil {
			return history.Value{}, err
		}
		return encode(ts), nil
	}
}
