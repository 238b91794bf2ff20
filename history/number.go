package history

import (
	"bytes"
	"math"
	"math/big"
	"regexp"
	"strconv"
	"strings"
)

// The numbers of EDN, and those of Clojure that its printer or a person writes into a history: 0x7f01, 2r1010, 1/3. What
// fits an Int becomes one, however it is spelled; others are Literals in one form. A number with a leading zero is
// octal in Clojure, an error in EDN and decimal to nearly anybody else, so it is refused.
var (
	bigInt   = regexp.MustCompile(`^[+-]?(0|[1-9][0-9]*)N?$`)
	hexInt   = regexp.MustCompile(`^[+-]?0[xX][0-9a-fA-F]+N?$`)
	radixInt = regexp.MustCompile(`^[+-]?[1-9][0-9]?[rR][0-9a-zA-Z]+$`)
	float    = regexp.MustCompile(`^[+-]?[0-9]+(\.[0-9]*([eE][+-]?[0-9]+)?|[eE][+-]?[0-9]+)$`)
	decimal  = regexp.MustCompile(`^[+-]?[0-9]+(\.[0-9]*)?([eE][+-]?[0-9]+)?M$`)
	ratio    = regexp.MustCompile(`^[+-]?[0-9]+/0*[1-9][0-9]*$`)
)

// longestNumber bounds what is converted, which takes time that grows with its square.
const longestNumber = 1000

// parseNumber reads a number; false means that it is none.
func parseNumber(t []byte) (v Value, ok bool) {
	if n, ok := smallInt(t); ok {
		return IntValue(n), true
	}
	unsigned := strings.TrimPrefix(string(t), "+")
	switch {
	case isSimpleFloat(t): // before the patterns, which take long
		f, err := strconv.ParseFloat(unsigned, 64)
		return literalValue(floatText(f), 0), err == nil
	case bigInt.Match(t):
		digits := strings.TrimSuffix(unsigned, "N")
		if n, err := strconv.ParseInt(digits, 10, 64); err == nil {
			return IntValue(n), true
		}
		return literalValue(digits+"N", 0), true
	case len(t) > longestNumber:
		return Value{}, false
	case hexInt.Match(t):
		return bigValue(strings.TrimSuffix(unsigned, "N"), 0)
	case radixInt.Match(t):
		return radixValue(unsigned)
	case float.Match(t):
		f, err := strconv.ParseFloat(unsigned, 64)
		return literalValue(floatText(f), 0), err == nil
	case decimal.Match(t):
		return literalValue(unsigned, 0), true
	case ratio.Match(t):
		return ratioValue(unsigned)
	}
	return Value{}, false
}

// isSimpleFloat tells whether a number is digits with a point among them, as most floats are.
func isSimpleFloat(t []byte) bool {
	digits := bytes.TrimPrefix(t, []byte{'-'})
	point := bytes.IndexByte(digits, '.')
	if point < 1 || len(t) > longestNumber {
		return false
	}
	for i, c := range digits {
		if i != point && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}

func bigValue(digits string, base int) (v Value, ok bool) {
	if n, err := strconv.ParseInt(digits, base, 64); err == nil {
		return IntValue(n), true
	}
	n, ok := new(big.Int).SetString(digits, base)
	if !ok {
		return Value{}, false
	}
	return literalValue(n.String()+"N", 0), true
}

// radixValue reads 36rZZ, an integer with its base in front.
func radixValue(t string) (v Value, ok bool) {
	sign := ""
	if t[0] == '-' {
		sign, t = "-", t[1:]
	}
	before, digits, _ := strings.Cut(strings.ToLower(t), "r")
	base, _ := strconv.Atoi(before)
	if base < 2 || base > 36 {
		return Value{}, false
	}
	return bigValue(sign+digits, base)
}

// ratioValue reduces a fraction, as Clojure does when it reads one.
func ratioValue(t string) (v Value, ok bool) {
	r, ok := new(big.Rat).SetString(t)
	switch {
	case !ok:
		return Value{}, false
	case r.IsInt():
		return bigValue(r.Num().String(), 10)
	default:
		return literalValue(r.String(), 0), true
	}
}

// smallInt reads an integer of up to 18 digits.
func smallInt(t []byte) (n int64, ok bool) {
	digits := t
	if t[0] == '-' || t[0] == '+' {
		digits = t[1:]
	}
	if len(digits) == 0 || len(digits) > 18 || digits[0] == '0' && len(digits) > 1 {
		return 0, false
	}
	for _, c := range digits {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int64(c-'0')
	}
	if t[0] == '-' {
		n = -n
	}
	return n, true
}

// floatText is the float in one form, which is never that of an integer.
func floatText(f float64) string {
	s := strconv.FormatFloat(f, 'g', -1, 64)
	if f == math.Trunc(f) && !strings.ContainsAny(s, ".e") {
		s += ".0"
	}
	return s
}
