package powerloss

import (
	"errors"
	"fmt"
	"math/rand/v2"

	"faultline/cluster/disk"
)

// onVolume is how a store is run that takes its file system from its user.
type onVolume struct {
	open func(*disk.Volume) (Store, error)
}

// live runs a life in real time, in which syncs last and other things happen meanwhile. In virtual time, that of package
// synctest, a store that syncs while it holds a mutex, as pebble does, would stop the clock for whoever wants the mutex.
func (o onVolume) live(l *life, w *workload) error {
	d := l.start.AfterPowerLoss(disk.Config{FileSystem: l.system, Rand: l.drawn(), FaultRand: l.drawn()})
	l.watch(d)
	return onDisk(d, o.open, func(s Store) error {
		return live(s, w, l.held+1, l.count, l.begin, l.acknowledge)
	})
}

// reopen uses the store on a disk.
func (o onVolume) reopen(d *disk.Disk, use func(Store) error) error {
	return onDisk(d, o.open, func(s Store) error { return errors.Join(use(s), s.Close()) })
}

// onDisk opens the store on a disk and uses it.
func onDisk(d *disk.Disk, open func(*disk.Volume) (Store, error), use func(Store) error) error {
	v, err := d.Open()
	if err != nil {
		return err
	}
	s, err := open(v)
	if err != nil {
		return errors.Join(fmt.Errorf("open the store: %w", err), v.Close())
	}
	return errors.Join(use(s), v.Close())
}

// emptyDisk is one on which nothing was ever written.
func emptyDisk() *disk.Disk { return disk.New(quick(rand.New(rand.NewPCG(0, 0)))) }
