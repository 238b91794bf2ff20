package disk

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"faultline/cluster/scheduler"
)

// Volume is a disk as one incarnation of its node sees it.
type Volume struct {
	disk *Disk
	// files is what the incarnation sees: the disk's until it is cut off, and then its own.
	files   *tree
	records []recorded // in the order in which they were opened
}

// Open returns the disk for a process that starts.
func (d *Disk) Open() (*Volume, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.open != nil {
		return nil, errors.New("open the disk: another process has it")
	}
	d.open = &Volume{disk: d, files: d.files}
	return d.open, nil
}

// Crash cuts the node off; all it had written stays.
func (v *Volume) Crash() error { return v.detach(false) }

// PowerLoss cuts the node off; what was not synced is lost, as far as the file system had not come to write it back.
func (v *Volume) PowerLoss() error { return v.detach(true) }

// Close is what a node does that shuts down in peace.
func (v *Volume) Close() error { return v.detach(false) }

func (v *Volume) detach(powerLoss bool) error {
	d := v.disk
	d.mu.Lock()
	defer d.mu.Unlock()
	if v.files.private {
		return nil
	}
	d.settle()
	survives := powerLoss && !d.faults.Load().isLying()
	if survives {
		v.files.surviveSome(d.config.FaultRand.IntN)
	}
	var errs []error
	for _, r := range v.records {
		if survives && d.config.FileSystem != Lazy {
			r.surviveSome(d.config.FaultRand.IntN)
		}
		errs = append(errs, r.end(powerLoss))
	}
	if !powerLoss && len(v.records) > 0 {
		v.files.writeBack() // as the records were: what a program did first is not to be lost alone
	}
	d.files, d.open = v.files.handOver(powerLoss), nil
	d.letGo()
	return errors.Join(errs...)
}

// Disk is the disk itself, which outlives the volume.
func (v *Volume) Disk() *Disk { return v.disk }

// Pass waits while the node is paused. A program that keeps in memory what it has on the disk calls it where it would read.
func (v *Volume) Pass() {
	defer scheduler.Enter().Leave()
	v.disk.pass()
}

// cutOff reports whether nothing that is done to the volume reaches the files any more.
func (v *Volume) cutOff() bool {
	v.disk.mu.Lock()
	defer v.disk.mu.Unlock()
	return v.files.private
}

// RealFile returns the path of a file on the machine that Faultline runs on, for a program that can keep what it has
// in nothing else. It does not exist on a new disk. See Records for how it takes part in crashes and losses of power.
func (v *Volume) RealFile(name string) (string, error) {
	defer scheduler.Enter().Leave()
	d := v.disk
	d.mu.Lock()
	defer d.mu.Unlock()
	path := filepath.Join(d.config.Dir, name)
	if d.real[name] {
		return path, nil
	}
	if d.config.Dir == "" {
		return "", fmt.Errorf("open %s: the disk has no directory for real files", name)
	}
	if err := os.MkdirAll(d.config.Dir, 0o755); err != nil {
		return "", fmt.Errorf("make the disk's directory: %w", err)
	}
	if err := os.RemoveAll(path); err != nil { // another disk's
		return "", fmt.Errorf("empty the disk: %w", err)
	}
	d.real[name] = true
	return path, nil
}

// waitForSync takes as long as a sync does. It is called without any lock: a wait in virtual time under a mutex would stop
// the clock for whoever wants the mutex.
func (v *Volume) waitForSync() {
	d := v.disk
	d.mu.Lock()
	wait := d.config.Base + time.Duration(d.config.Rand.ExpFloat64()*float64(d.config.Tail))
	d.mu.Unlock()
	time.Sleep(wait)
	if f := d.faults.Load(); f != nil {
		v.linger(f)
	}
	d.pass()
}

// linger is how much longer than usual a sync takes, on a disk with faults.
func (v *Volume) linger(f *faults) {
	d := v.disk
	if f.slow != nil && !v.cutOff() {
		d.mu.Lock()
		wait := f.slow.base + time.Duration(d.config.FaultRand.ExpFloat64()*float64(f.slow.tail))
		d.mu.Unlock()
		time.Sleep(wait)
	}
	for f = d.faults.Load(); f != nil && f.stuck != nil && !v.cutOff(); f = d.faults.Load() {
		<-f.stuck
	}
}
