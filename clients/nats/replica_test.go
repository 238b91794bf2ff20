package nats

import "testing"

// Whether a server has a stream is known from an account that is one, and from no other.
func TestListed(t *testing.T) {
	for _, c := range []struct {
		text       string
		has, known bool
	}{
		{`{"streams":1,"account_details":[{"name":"$G","stream_detail":[{"name":"log"}]}]}`, true, true},
		{`{"streams":1,"account_details":[{"name":"$G","stream_detail":[{"name":"probe"}]}]}`, false, true},
		{`{"streams":0}`, false, true},
		{`{"streams":2,"account_details":[{"name":"$G","stream_detail":[{"name":"probe"}]}]}`, false, false},
		{`{"streams":2,"account_details":[{"name":"$G"}]}`, false, false},
		{`{"disabled":true}`, false, false},
		{`not found`, false, false},
	} {
		has, err := listed([]byte(c.text), "log")
		if has != c.has || (err == nil) != c.known {
			t.Errorf("%s: %v, %v", c.text, has, err)
		}
	}
}
