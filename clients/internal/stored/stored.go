// Package stored says how a value of a history is kept in a store: as its JSON, with the padding behind it.
package stored

import (
	"faultline/cluster"
	"faultline/history"
)

// Text is what to write for a value, with padding.
func Text(v history.Value, padding int) string { return cluster.Pad(v.String(), padding) }

// Value is the value that a store holds as this text. What no client wrote is shown as it is.
func Value(text string) history.Value {
	v, err := history.ParseValue([]byte(cluster.Unpad(text)))
	if err != nil {
		return history.TextValue(text)
	}
	return v
}
