package world

import "testing"

// The line that waits for a mutex is named, and nothing is said of a dump in which none does.
func TestBlocked(t *testing.T) {
	const dump = `SIGQUIT: quit

goroutine 5 [sleep (durable), synctest bubble 1]:
time.Sleep(0x3b9aca00)
	/go/src/runtime/time.go:300 +0x100

goroutine 7 [sync.Mutex.Lock, 1 minutes, synctest bubble 1]:
internal/sync.runtime_SemacquireMutex(0x1, 0x2, 0x3)
	/go/src/runtime/sema.go:95 +0x25
sync.(*Mutex).Lock(...)
	/go/src/sync/mutex.go:46
example.com/mine/store.(*set).add(0xc000, {0x1, 0x2})
	/home/me/store/set.go:34 +0x1c
`
	const want = "; store.(*set).add at set.go:34 waits for a mutex: virtual time stands still if whoever holds it waits for time, network or disk"
	if got := blocked([]byte(dump)); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := blocked([]byte("goroutine 1 [select]:\nmain.main()\n\t/x.go:1\n")); got != "" {
		t.Errorf("of a dump without a mutex: %s", got)
	}
}
