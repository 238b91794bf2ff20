//go:build faultline_overlay

package guest_test

import (
	"bytes"
	"errors"
	"io"
	"net"
	"os"
	"runtime"
	"syscall"
	"testing"
	"time"

	"faultline"
)

// A host ends by itself as a process does, and no goroutine of it runs after that.
func TestAHostEnds(t *testing.T) {
	for name, end := range map[string]func() error{
		"exit":  func() error { os.Exit(3); return nil },
		"panic": func() error { panic("on purpose") },
		"error": func() error { return errors.New("on purpose") },
	} {
		t.Run(name, func(t *testing.T) {
			faultline.World(t, 1, func(w *faultline.W) {
				ticks, ended := 0, time.Duration(0)
				h := w.Host("n1", func() error {
					go func() {
						for {
							time.Sleep(100 * time.Millisecond)
							ticks++
						}
					}()
					time.Sleep(time.Second)
					return end()
				})
				h.OnExit(func(error) { ended = w.Since() })
				time.Sleep(5 * time.Second)
				if h.Up() || ended != time.Second || ticks > 10 {
					w.Errorf("up: %v, ended after %v, %d ticks", h.Up(), ended, ticks)
				}
				w.Fault("restart n1")
				if !h.Up() {
					w.Error("it does not start again")
				}
			})
		})
	}
}

// A paused host does nothing, and goes on where it was.
func TestAHostIsPaused(t *testing.T) {
	faultline.World(t, 1, func(w *faultline.W) {
		ticks := 0
		w.Host("n1", func() error {
			for {
				time.Sleep(time.Second)
				ticks++
			}
		})
		time.Sleep(10*time.Second + time.Millisecond)
		w.Fault("pause n1")
		time.Sleep(10 * time.Second)
		if ticks != 10 {
			w.Errorf("%d ticks", ticks)
		}
		w.Fault("resume n1")
		time.Sleep(9 * time.Second)
		if ticks < 18 || ticks > 20 {
			w.Errorf("%d ticks", ticks)
		}
	})
}

// Relative names are on the host's own disk, where locks end with the process and what was not synced with the power.
func TestFilesOfAHost(t *testing.T) {
	faultline.World(t, 1, func(w *faultline.W) {
		starts := 0
		var synced, loose []byte
		main := func() error {
			starts++
			if at, err := os.Getwd(); err != nil || at != "/machine" {
				w.Errorf("it is in %s: %v", at, err)
			}
			f, err := os.OpenFile("lock", os.O_CREATE|os.O_RDWR, 0o600)
			if err != nil {
				return err
			}
			if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
				return err
			}
			synced, _ = os.ReadFile("/machine/synced")
			loose, _ = os.ReadFile("loose")
			if starts > 1 {
				return nil
			}
			if err := os.WriteFile("loose", []byte("loose"), 0o600); err != nil {
				return err
			}
			g, err := os.Create("synced")
			if err != nil {
				return err
			}
			_, err = g.WriteString("synced")
			return errors.Join(err, g.Sync(), g.Close())
		}
		w.Host("n1", main)
		other := w.Host("n2", func() error { return nil })
		time.Sleep(time.Second)
		_ = other.Do(func() {
			if _, err := os.Stat("synced"); !errors.Is(err, os.ErrNotExist) {
				w.Errorf("the file of another host: %v", err)
			}
		})
		w.Fault("crash n1")
		w.Fault("restart n1")
		time.Sleep(time.Second)
		if string(synced) != "synced" || string(loose) != "loose" {
			w.Errorf("after a crash: %q, %q", synced, loose)
		}
		w.Fault("powerloss n1")
		w.Fault("restart n1")
		time.Sleep(time.Second)
		if string(synced) != "synced" || starts != 3 {
			w.Errorf("after a loss of power, start %d: %q", starts, synced)
		}
	})
}

// A host that has ended has no file mapped. Otherwise the database of every life of a store would stay in memory, and locked.
func TestMappingsOfAHost(t *testing.T) {
	faultline.World(t, 1, func(w *faultline.W) {
		mappings := func() int {
			maps, err := os.ReadFile("/proc/self/maps")
			if err != nil {
				w.Fatal(err)
			}
			return bytes.Count(maps, []byte("/database\n"))
		}
		w.Host("n1", func() error {
			f, err := os.OpenFile("database", os.O_CREATE|os.O_RDWR, 0o600)
			if err != nil {
				return err
			}
			err = errors.Join(syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB), f.Truncate(1<<20))
			for _, how := range []int{syscall.PROT_READ, syscall.PROT_READ | syscall.PROT_WRITE} {
				_, mapped := syscall.Mmap(int(f.Fd()), 0, 1<<20, how, syscall.MAP_SHARED)
				err = errors.Join(err, mapped)
			}
			if err != nil {
				return err
			}
			select {}
		})
		for _, fault := range []string{"crash n1", "powerloss n1"} {
			time.Sleep(time.Second)
			if n := mappings(); n != 2 {
				w.Errorf("%d mappings while it runs", n)
			}
			w.Fault(fault)
			if n := mappings(); n != 0 {
				w.Errorf("%d mappings after %s", n, fault)
			}
			w.Fault("restart n1")
		}
	})
}

// The end of what one side writes reaches the other, which can still answer.
func TestHalfOfAConnection(t *testing.T) {
	faultline.World(t, 1, func(w *faultline.W) {
		w.Host("n1", func() error {
			l, err := net.Listen("tcp", ":1")
			if err != nil {
				return err
			}
			c, err := l.Accept()
			if err != nil {
				return err
			}
			b, err := io.ReadAll(c)
			_, err2 := c.Write(append(b, " and back"...))
			return errors.Join(err, err2, c.Close())
		})
		client := w.Client("client")
		_ = client.Do(func() {
			c, err := net.Dial("tcp", "n1:1")
			if err != nil {
				w.Fatal(err)
			}
			_, err = c.Write([]byte("there"))
			err = errors.Join(err, c.(*net.TCPConn).CloseWrite())
			b, err2 := io.ReadAll(c)
			if err := errors.Join(err, err2); err != nil || string(b) != "there and back" {
				w.Errorf("%q, %v", b, err)
			}
		})
	})
}

// A client that is cut off waits, and is heard when it is mended.
func TestAClientIsCutOff(t *testing.T) {
	faultline.World(t, 1, func(w *faultline.W) {
		h := w.Host("n1", func() error {
			_, err := net.Listen("tcp", ":1")
			return err
		})
		client := w.Client("client")
		dial := func(timeout time.Duration) (err error) {
			_ = client.Do(func() { _, err = net.DialTimeout("tcp", "n1:1", timeout) })
			return err
		}
		client.Cut(h)
		// It is the context's end or the connection's, as on a machine: they come at one instant.
		if timeout := net.Error(nil); !errors.As(dial(5*time.Second), &timeout) || !timeout.Timeout() {
			w.Error(timeout)
		}
		client.Mend(h)
		if err := dial(5 * time.Second); err != nil {
			w.Error(err)
		}
	})
}

// The wall clock of a host can be wrong; its timers and the clocks of others are right.
func TestClocksOfHosts(t *testing.T) {
	faultline.World(t, 1, func(w *faultline.W) {
		a, b := w.Host("n1", func() error { return nil }), w.Host("n2", func() error { return nil })
		wrong := func(h *faultline.Host) (by time.Duration) {
			_ = h.Do(func() { by = time.Now().Round(0).Sub(time.Unix(946684800, 0).Add(w.Since())) })
			return by
		}
		w.Fault("jump n1 -1h")
		if wrong(a) != -time.Hour || wrong(b) != 0 {
			w.Errorf("wrong by %v and %v", wrong(a), wrong(b))
		}
		w.Fault("correct n1")
		w.Fault("drift n2 2")
		time.Sleep(10 * time.Second)
		if by := wrong(b); wrong(a) != 0 || by < 9*time.Second || by > 11*time.Second {
			w.Errorf("wrong by %v and %v", wrong(a), by)
		}
	})
}

// A deadline that a host sets counts on its monotonic clock, however wrong its wall clock is.
func TestDeadlinesOfAWrongClock(t *testing.T) {
	faultline.World(t, 1, func(w *faultline.W) {
		h := w.Host("n1", func() error { return nil })
		for _, jump := range []string{"jump n1 -1h", "jump n1 +2h"} {
			w.Fault(jump)
			before := w.Since()
			_ = h.Do(func() {
				c, err := net.ListenPacket("udp", ":0")
				if err != nil {
					w.Fatal(err)
				}
				_ = c.SetReadDeadline(time.Now().Add(time.Second))
				if _, _, err := c.ReadFrom(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
					w.Error(err)
				}
			})
			if took := w.Since() - before; took != time.Second {
				w.Errorf("%s: it takes %v", jump, took)
			}
		}
	})
}

// A select does what it does elsewhere, though it locks nothing: each value arrives once, whatever waits beside, and a program that asks for more
// processors, with which that would not hold, has one.
func TestSelects(t *testing.T) {
	faultline.World(t, 1, func(w *faultline.W) {
		runtime.GOMAXPROCS(4)
		runtime.SetDefaultGOMAXPROCS()
		if n := runtime.GOMAXPROCS(0); n != 1 {
			w.Fatalf("there are %d processors", n)
		}
		const values, senders = 1000, 5
		none := make(chan int)
		ways := []chan int{make(chan int), make(chan int, 3), make(chan int)}
		ended := make(chan bool)
		got := map[int]int{}
		for s := range senders {
			go func() {
				for v := range values {
					select { // the same channel twice
					case ways[0] <- s*values + v:
					case ways[1] <- s*values + v:
					case ways[0] <- s*values + v:
					case <-none:
					}
					if v%100 == 0 {
						time.Sleep(time.Millisecond)
					}
				}
				ended <- true
			}()
		}
		ticks := time.NewTicker(time.Millisecond)
		for left := senders; left > 0 || len(ways[1]) > 0; {
			select {
			case v := <-ways[0]:
				got[v]++
			case v := <-ways[1]:
				got[v]++
			case ways[2] <- 0:
			case <-ended:
				left--
			case <-ticks.C:
			}
		}
		for v := range senders * values {
			if got[v] != 1 {
				w.Fatalf("%d arrives %d times", v, got[v])
			}
		}
		close(none)
		select {
		case _, ok := <-none:
			if ok {
				w.Error("a closed channel has a value")
			}
		case ways[2] <- 0:
		}
		defer func() {
			if recover() == nil {
				w.Error("a closed channel takes a value")
			}
		}()
		select {
		case none <- 1:
		case <-ways[0]:
		}
	})
}
