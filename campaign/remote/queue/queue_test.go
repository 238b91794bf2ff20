package queue

import "testing"

// What is printed of a URL has no password and no token in it.
func TestRedacted(t *testing.T) {
	for url, want := range map[string]string{
		"nats://10.0.0.1:4222":                          "nats://10.0.0.1:4222",
		"nats://me:se:cret@10.0.0.1:4222":               "nats://…@10.0.0.1:4222",
		"tls://token@a,me:secret@b,wss://you:secret@c/": "tls://…@a,…@b,wss://…@c/",
		"embedded://0.0.0.0:4222":                       "embedded://0.0.0.0:4222",
	} {
		if got := Redacted(url); got != want {
			t.Errorf("%s is printed as %s", url, got)
		}
	}
}
