package guest

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"faultline/cluster/scheduler"
	"faultline/cluster/sim"
)

// Command is what a process runs.
type Command struct {
	Program string   // the path of a program that was built with the overlay
	Args    []string // without the program's name
	Env     []string
	Dir     string // the machine's real directory, where the program starts
	// Files are written to the disk before the program starts there for the first time, by name.
	Files  map[string]string
	Locks  scheduler.Jitter // before goroutines take a mutex
	Calls  scheduler.Jitter // before they change a file or sync it
	Output io.Writer        // is told each line that the program prints; nil for the machine's log
}

// Process is a guest that is a process of the operating system.
type Process struct {
	refusals
	command Command
	pid     int
	wire    wire
	said    string // the file with what it wrote behind the world's back: the runtime's panics
	sockets sockets
	files   files
	output  lines

	// hearing guards what follows. Nobody waits while holding it.
	hearing sync.Mutex
	inbox   []byte
	exited  chan struct{}
	killed  bool
	told    told
}

// Start runs a program on a machine. Hosts are the names of all others, which it can resolve.
func Start(p *sim.Process, c Command, hosts []string) (*Process, error) {
	if c.Output == nil {
		c.Output = p.Log()
	}
	g := &Process{refusals: refusals{machine: p}, command: c, output: lines{to: c.Output}, exited: make(chan struct{})}
	g.takeOver()
	g.sockets.init(g)
	g.files = newFiles(p, c.Dir, func(number uint32, errno uint64) { g.push('s', number, errno, nil) })
	g.files.sent = g.sockets.turned
	if err := g.files.prepare(c.Files); err != nil {
		return nil, fmt.Errorf("prepare the disk of %s: %w", p.Node(), err)
	}
	if err := g.spawn(); err != nil {
		return nil, fmt.Errorf("start %s: %w", c.Program, err)
	}
	g.push('h', 0, 0, []byte(table(p.Node(), hosts)))
	if turns != nil {
		g.push('y', 0, 0, nil)
	}
	g.delay('j', c.Locks)
	g.delay('J', c.Calls)
	go g.run(time.Duration(p.Rand("guest start").Int64N(int64(startsWithin))))
	return g, nil
}

// startsWithin bounds how long a process takes to start. No two machines start in the same nanosecond: libraries that seed their
// generators by the clock, as Raft of etcd 3.5 does, would draw the same election time-outs for ever.
const startsWithin = time.Millisecond

// latest are the latest processes, by the directory of their machine.
var latest struct {
	sync.Mutex
	in map[string]*Process
}

// takeOver ends what is left of the machine's process before this one. It has died, but may be there for the kernel: a restart in
// the same instant would wait for its locks, and the world with it.
func (g *Process) takeOver() {
	latest.Lock()
	before := latest.in[g.command.Dir]
	if latest.in == nil {
		latest.in = map[string]*Process{}
	}
	latest.in[g.command.Dir] = g
	latest.Unlock()
	if before != nil {
		before.kill()
	}
}

// spawn starts the process, which first waits for the world to speak.
func (g *Process) spawn() (err error) {
	memory, shared, err := newMemory()
	if err != nil {
		return err
	}
	defer func() {
		_ = syscall.Close(shared)
		if err != nil {
			memory.free()
		}
	}()
	if err = os.MkdirAll(g.command.Dir, 0o755); err != nil {
		return err
	}
	g.said = filepath.Clean(g.command.Dir) + ".said"
	said, err := os.OpenFile(g.said, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() { _ = said.Close() }()
	null, err := os.Open(os.DevNull)
	if err != nil {
		return err
	}
	defer func() { _ = null.Close() }()
	draw := g.machine.Rand("guest")
	env := append([]string{fmt.Sprintf("FAULTLINE_RUNTIME_SEED=%016x", draw.Uint64()), "FAULTLINE_GUEST=1", "GOMAXPROCS=1", "GOGC=off", "GOTRACEBACK=all",
		"GODEBUG=asyncpreemptoff=1,gcshrinkstackoff=1,randseednop=0"}, g.command.Env...)
	env = append(env, "TZ=UTC") // unless the command has another, as the first of a name counts
	argv := append([]string{filepath.Base(g.command.Program)}, g.command.Args...)
	g.pid, err = syscall.ForkExec(g.command.Program, argv, &syscall.ProcAttr{Dir: g.command.Dir, Env: env,
		Files: []uintptr{null.Fd(), said.Fd(), said.Fd(), uintptr(shared)},
		Sys:   &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}})
	g.wire = wire{memory: memory, pid: g.pid}
	return err
}

// push adds a message to what the guest hears when it next runs, which is at once.
func (g *Process) push(kind byte, id uint32, n uint64, b []byte) {
	g.hearing.Lock()
	g.inbox = appendMessage(g.inbox, kind, id, n, b)
	g.hearing.Unlock()
	g.sockets.poller.Wake()
}

// run gives the process time whenever it has something to do, until it ends or the machine's process has died. It begins after a while.
func (g *Process) run(after time.Duration) {
	defer close(g.exited)
	defer g.wire.free()
	time.Sleep(after)
	next := time.Now()
	for {
		events, err := g.sockets.poller.Wait(next) // which holds a paused process
		if err != nil {
			return
		}
		for _, e := range events {
			g.sockets.ready(e)
		}
		if !g.due(next) {
			continue
		}
		if next, err = g.turn(); err != nil {
			g.ended(err)
			return
		}
	}
}

// due reports whether there is anything to run for.
func (g *Process) due(next time.Time) bool {
	g.hearing.Lock()
	defer g.hearing.Unlock()
	return len(g.inbox) > 0 || !next.IsZero() && !time.Now().Before(next)
}

// turn has the process run until all of it waits, and returns when it wants to run again; the zero time is never.
func (g *Process) turn() (next time.Time, err error) {
	g.tell()
	g.hearing.Lock()
	out := appendMessage(g.inbox, 'G', 0, uint64(time.Now().UnixNano()), nil)
	g.inbox = g.inbox[:0]
	g.hearing.Unlock()
	g.wroteTurn(out)
	if err := g.wire.write(out); err != nil {
		return next, err
	}
	for {
		kind, id, n, b, err := g.wire.message()
		if err == nil {
			g.wroteMessage(kind, id, n, b)
		}
		switch {
		case err != nil:
			return next, err
		case kind == 'I':
			g.sockets.turned()
			if n == 0 {
				return time.Time{}, nil
			}
			return time.Unix(0, int64(n)), nil
		case kind == 'X':
			g.sockets.turned()
			return next, exit(n)
		}
		if g.heard(kind, id, n, b); g.machine.Dead() { // at a crash point: what it did afterwards never was
			return next, errGone
		}
	}
}

// heard does what the guest has said.
func (g *Process) heard(kind byte, id uint32, n uint64, b []byte) {
	switch kind {
	case 'O':
		g.output.write(b)
	case '!':
		g.note(string(b))
	case 'L', 'D', 'W', 'E', 'C', 'K', 'P', 'Q', 'V':
		g.sockets.heard(kind, id, n, b)
	default:
		g.files.heard(kind, id, n, b)
	}
}

// WriteBack has the disk know what was written through mappings, before the machine's process ends. It does not wait.
func (g *Process) WriteBack() { g.files.takeMapped() }

// ended is what happens when the process ends by itself.
func (g *Process) ended(err error) {
	reason := g.wait(err)
	said, _ := os.ReadFile(g.said)
	for line := range bytes.Lines(firstOf(said)) {
		_, _ = g.machine.Log().Write(append(bytes.TrimRight(line, "\n"), '\n'))
	}
	if first, _, _ := bytes.Cut(bytes.TrimSpace(said), []byte("\n")); len(first) > 0 {
		reason = fmt.Sprintf("%s: %.200s", reason, first)
	}
	g.end(reason)
	if err != exit(0) {
		reason += g.blame()
	}
	g.machine.Die(reason)
}

// firstOf is what the runtime says of a panic, with the first of all goroutines.
func firstOf(said []byte) []byte {
	parts := bytes.SplitAfterN(said, []byte("\n\n"), 3)
	return bytes.Join(parts[:min(2, len(parts))], nil)
}

// Exited is closed when the process has ended, or runs no more.
func (g *Process) Exited() <-chan struct{} { return g.exited }

// Stop kills the process, if it runs, and waits for its end.
func (g *Process) Stop() error {
	<-g.exited
	g.kill()
	return nil
}

// kill ends the process. It says how it ended.
func (g *Process) kill() string {
	if g.over() {
		return ""
	}
	_ = syscall.Kill(g.pid, syscall.SIGKILL)
	return g.reap()
}

// wait waits for the end of a process that said that it ends, and has more to say of a panic. Any other is killed.
func (g *Process) wait(err error) string {
	if _, exits := err.(exit); !exits {
		return cmp.Or(g.kill(), err.Error())
	}
	if !g.over() {
		g.reap()
	}
	return err.Error()
}

// over notes that the process is no more. It reports whether that was known.
func (g *Process) over() bool {
	g.hearing.Lock()
	defer g.hearing.Unlock()
	before := g.killed
	g.killed = true
	return before
}

// reap waits for the end of the process. It says how it ended.
func (g *Process) reap() string {
	var status syscall.WaitStatus
	for {
		if _, err := syscall.Wait4(g.pid, &status, 0, nil); err != syscall.EINTR {
			break
		}
	}
	if status.Exited() {
		return exit(status.ExitStatus()).Error()
	}
	return fmt.Sprintf("ends by %v", status.Signal())
}

// exit is the end of a process by itself, with that code.
type exit int

func (e exit) Error() string { return fmt.Sprintf("exits with %d", int(e)) }
