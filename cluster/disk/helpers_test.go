package disk

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

const syncTime = time.Millisecond

// newDisk returns a disk whose sync takes a millisecond.
func newDisk(system FileSystem, seed uint64) *Disk {
	return New(config(system, seed))
}

func config(system FileSystem, seed uint64) Config {
	return Config{FileSystem: system, Base: syncTime, Rand: rand.New(rand.NewPCG(1, 2)), FaultRand: rand.New(rand.NewPCG(seed, 3))}
}

// onDisk runs a test in a bubble, on a new disk on which nothing survives a loss of power that was not synced, so that what
// survives is known.
func onDisk(t *testing.T, f func(t *testing.T, d *Disk)) {
	synctest.Test(t, func(t *testing.T) { f(t, newDisk(Lazy, 1)) })
}

func start(t *testing.T, d *Disk) *Volume {
	t.Helper()
	v, err := d.Open()
	check(t, err)
	t.Cleanup(func() { _ = v.Close() })
	return v
}

func create(t *testing.T, v *Volume, name, content string) *File {
	t.Helper()
	f, err := v.Create(name)
	check(t, err)
	add(t, f, content)
	return f
}

func add(t *testing.T, f *File, content string) {
	t.Helper()
	_, err := f.Write([]byte(content))
	check(t, err)
}

// files renders what is on a disk, such as "log: hello; wal/; wal/1: entries". What ends in a slash is a directory.
func files(d *Disk) string {
	var all []string
	for _, name := range d.Names() {
		if strings.HasSuffix(name, "/") {
			all = append(all, name)
			continue
		}
		b, _ := d.ReadFile(name)
		all = append(all, name+": "+show(b))
	}
	if len(all) == 0 {
		return "nothing"
	}
	return strings.Join(all, "; ")
}

// show renders bytes. Those that are repeated are counted: a*512 is a 512 times. A zero is shown as 0.
func show(b []byte) string {
	var out strings.Builder
	for len(b) > 0 {
		n := 1
		for n < len(b) && b[n] == b[0] {
			n++
		}
		c := b[0]
		if c == 0 {
			c = '0'
		}
		if n < 8 {
			out.WriteString(strings.Repeat(string(rune(c)), n))
		} else {
			fmt.Fprintf(&out, " %c*%d ", c, n)
		}
		b = b[n:]
	}
	if out.Len() == 0 {
		return "empty"
	}
	return strings.TrimSpace(strings.ReplaceAll(out.String(), "  ", " "))
}

// takes is how long something takes.
func takes(do func()) time.Duration {
	begin := time.Now()
	do()
	return time.Since(begin)
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func expect(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s: %s, want %s", what, got, want)
	}
}
