//go:build faultline_overlay

package members

import (
	"io"
	"log"
	"net"
	"slices"
	"testing"
	"time"

	"github.com/hashicorp/memberlist"

	"faultline"
)

// member is a host with its list, which another process of the host replaces.
type member struct {
	*faultline.Host
	list *memberlist.Memberlist
}

// start joins the others, again and again: to those that were dead for long memberlist does not speak any more.
func (m *member) start(names []string) error {
	own, err := net.LookupHost(m.Name())
	if err != nil {
		return err
	}
	c := memberlist.DefaultLANConfig()
	c.Name, c.BindAddr, c.AdvertiseAddr = m.Name(), own[0], own[0]
	c.Logger = log.New(io.Discard, "", 0)
	if m.list, err = memberlist.Create(c); err != nil {
		return err
	}
	for {
		_, _ = m.list.Join(names)
		time.Sleep(10 * time.Second)
	}
}

// sees are the names of the members that a host takes to be alive, in order; none before it has started.
func (m *member) sees(w *faultline.W) (names []string) {
	w.Helper()
	if m.list == nil {
		return nil
	}
	if err := m.Do(func() {
		for _, other := range m.list.Members() {
			names = append(names, other.Name)
		}
	}); err != nil {
		w.Fatal(err)
	}
	slices.Sort(names)
	return names
}

// Members that are cut off, or dead, are taken to be dead, and are found again.
func TestMembers(t *testing.T) {
	faultline.Worlds(t, 5, func(w *faultline.W) {
		names := []string{"n1", "n2", "n3", "n4", "n5"}
		members := map[string]*member{}
		for _, name := range names {
			m := &member{}
			members[name] = m
			m.Host = w.Host(name, func() error { return m.start(names) })
		}
		see := func(within time.Duration, who, whom []string) {
			w.Helper()
			deadline := time.Now().Add(within)
			for _, name := range who {
				for !slices.Equal(members[name].sees(w), whom) {
					if time.Now().After(deadline) {
						w.Fatalf("after %v %s sees %v and not %v", within, name, members[name].sees(w), whom)
					}
					time.Sleep(100 * time.Millisecond)
				}
			}
		}
		see(10*time.Second, names, names)

		w.Fault("partition n1,n2 | n3,n4,n5")
		see(time.Minute, names[:2], names[:2])
		see(time.Minute, names[2:], names[2:])
		w.Fault("heal")
		see(2*time.Minute, names, names)

		w.Fault("crash n3")
		others := []string{"n1", "n2", "n4", "n5"}
		see(time.Minute, others, others)
		w.Fault("restart n3")
		see(time.Minute, names, names)

		w.Fault("pause n4")
		time.Sleep(time.Minute)
		see(0, []string{"n1"}, []string{"n1", "n2", "n3", "n5"})
		w.Fault("resume n4")
		see(2*time.Minute, names, names)
	})
}
