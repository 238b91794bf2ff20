//go:build faultline_overlay

package guest

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"syscall"
	"time"

	"faultline/cluster/scheduler"
	"faultline/cluster/sim"
)

// Local is a process of a machine whose program runs on goroutines of this process of the operating system. It is a sim.Program.
type Local struct {
	refusals
	number scheduler.Host
	ended  func(error)
	files  files
	output lines
	exited chan struct{}
	system *syscall.FaultlineMachine
}

// Run starts a program on a machine. Of the command Dir, Files, Output, Locks and Calls count; without an Output what the program prints is
// this process's own. All goroutines that come of main are the machine's process: they are held while it is paused, and never run
// again when it is dead. It dies by itself if main returns an error, if it exits, and if it panics; ended, if it is not nil, is told
// why, and must not wait. If main returns nil the process goes on, as those of its goroutines do that are left.
func Run(p *sim.Process, c Command, main func() error, ended func(error)) (*Local, error) {
	l := &Local{refusals: refusals{machine: p}, number: number(p.Host()), ended: ended, files: newFiles(p, c.Dir, syscall.FaultlineSynced),
		output: lines{to: c.Output}, exited: make(chan struct{})}
	if err := l.files.prepare(c.Files); err != nil {
		return nil, fmt.Errorf("prepare the disk of %s: %w", p.Node(), err)
	}
	dir, err := filepath.Abs(c.Dir)
	if err != nil {
		return nil, err
	}
	l.system = syscall.FaultlineNewMachine(uint64(l.number), p.Node(), dir, l.heard, p.Volume().Full)
	if c.Output != nil {
		l.system.TakeOutput()
	}
	scheduler.SetJitter(c.Locks, c.Calls)
	local.mu.Lock()
	local.processes[l.number] = l
	local.mu.Unlock()
	setDied(died)
	p.Holds(l)
	l.SetClock()
	Go(p.Host(), func() {
		if err := main(); err != nil {
			defer scheduler.Enter().Leave()
			l.die(err)
		}
	})
	return l, nil
}

// heard is told by a goroutine of the process what it has done to a file.
func (l *Local) heard(kind byte, id uint32, n uint64, b []byte) {
	defer scheduler.Enter().Leave()
	switch {
	case l.machine.Dead():
	case kind == 'O':
		l.output.write(b)
	case kind == '!':
		l.note(string(b))
	default:
		l.files.heard(kind, id, n, b)
	}
}

// WriteBack implements sim.WritesBack.
func (l *Local) WriteBack() { l.files.takeMapped() }

// die ends the process by itself.
func (l *Local) die(err error) {
	if !l.machine.Dead() {
		l.end(err.Error())
		if l.ended != nil {
			l.ended(err)
		}
		l.machine.Die(err.Error() + l.blame())
	}
}

// panicked is the exit code of a process that panics.
const panicked = 2

// died is called by a goroutine that exits or panics, and does not return.
func died(n uint64, code int) {
	local.mu.Lock()
	l := local.processes[scheduler.Host(n)]
	local.mu.Unlock()
	self := scheduler.Enter()
	if code == panicked {
		_, _ = os.Stderr.Write(debug.Stack())
	}
	if l == nil { // a client has no process of its own to lose
		os.Exit(code)
	}
	l.die(fmt.Errorf("exits with %d", code))
	self.Leave()
	select {} // for the zero code of a process that was dead already
}

// SetClock has the goroutines see the wall clock as it is on their machine now. One that does not keep to the world's time has
// to be set again and again.
func (l *Local) SetClock() { setHostWall(uint64(l.number), int64(time.Until(l.machine.Now()))) }

// Role implements sim.Program: nobody asks for it.
func (l *Local) Role() (string, uint64) { return "running", 0 }

// Stop implements sim.Program. Nothing is left of the process that could take its time.
func (l *Local) Stop() error { return nil }

// Exited is closed when the process has ended.
func (l *Local) Exited() <-chan struct{} { return l.exited }

// Hold implements sim.Goroutines.
func (l *Local) Hold() { l.number.Hold() }

// Release implements sim.Goroutines.
func (l *Local) Release() { l.number.Release() }

// End implements sim.Goroutines.
func (l *Local) End() {
	l.number.End()
	close(l.exited)
	l.system.Shut()
	local.mu.Lock()
	defer local.mu.Unlock()
	delete(local.processes, l.number)
	delete(local.hosts, l.number)
	delete(local.numbers, l.machine.Host())
}
