package viewer

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"math"
)

// A container is columns of numbers behind an index, all little-endian:
//
//	offset  bytes
//	0       8      "FAULTVW1"
//	8       4      length of the index
//	12      …      the index: {"meta": …, "sections": [{"name", "type", "offset", "length"}, …]} in UTF-8
//	…              zeros up to a multiple of 8
//	…              the sections, each from a multiple of 8
//
// Offsets count bytes from the end of the zeros, lengths count elements. Types are u8, u32, i32 and f64: what JavaScript can
// lay a typed array over.
type container struct {
	meta     any
	sections []section
	payloads []any // []byte, []uint32, []int32 or []float64
	size     int
}

const containerMagic = "FAULTVW1"

// section is one column in the index.
type section struct {
	Name   string `json:"name"`
	Type   string `json:"type"`
	Offset int    `json:"offset"`
	Length int    `json:"length"`
}

// add puts a column behind the others.
func (c *container) add(name string, payload any) {
	s := section{Name: name, Offset: c.size}
	bytes := 0
	switch p := payload.(type) {
	case []byte:
		s.Type, s.Length, bytes = "u8", len(p), len(p)
	case []uint32:
		s.Type, s.Length, bytes = "u32", len(p), 4*len(p)
	case []int32:
		s.Type, s.Length, bytes = "i32", len(p), 4*len(p)
	case []float64:
		s.Type, s.Length, bytes = "f64", len(p), 8*len(p)
	default:
		panic(fmt.Sprintf("a container has no columns of %T", payload))
	}
	c.sections = append(c.sections, s)
	c.payloads = append(c.payloads, payload)
	c.size += (bytes + 7) &^ 7
}

// addUints puts whole numbers behind the others: in four bytes each if all fit, and as floats otherwise.
func (c *container) addUints(name string, values []uint64) {
	narrow := make([]uint32, len(values))
	for i, v := range values {
		if v > math.MaxUint32 {
			c.addWide(name, values)
			return
		}
		narrow[i] = uint32(v)
	}
	c.add(name, narrow)
}

func (c *container) addWide(name string, values []uint64) {
	wide := make([]float64, len(values))
	for i, v := range values {
		wide[i] = float64(v)
	}
	c.add(name, wide)
}

// WriteTo writes the container.
func (c *container) WriteTo(w io.Writer) (int64, error) {
	index, err := json.Marshal(struct {
		Meta     any       `json:"meta"`
		Sections []section `json:"sections"`
	}{c.meta, c.sections})
	if err != nil {
		return 0, err
	}
	head := binary.LittleEndian.AppendUint32([]byte(containerMagic), uint32(len(index)))
	head = padded(append(head, index...))
	if buffer, ok := w.(interface{ Grow(bytes int) }); ok {
		buffer.Grow(len(head) + c.size)
	}
	n, err := w.Write(head)
	total := int64(n)
	for _, payload := range c.payloads {
		if err != nil {
			break
		}
		b, encodeErr := binary.Append(make([]byte, 0, binary.Size(payload)+7), binary.LittleEndian, payload)
		if encodeErr != nil {
			return total, encodeErr
		}
		n, err = w.Write(padded(b))
		total += int64(n)
	}
	return total, err
}

// padded brings bytes to a multiple of 8.
func padded(b []byte) []byte {
	for len(b)%8 != 0 {
		b = append(b, 0)
	}
	return b
}
