package overlay

import (
	"path"
	"slices"
	"strings"
)

// patch replaces a text. A file whose name ends with an architecture is of that one only.
type patch struct{ file, old, new string }

// concerns reports whether the file is compiled for an architecture.
func (p patch) concerns(arch string) bool {
	name := strings.TrimSuffix(p.file, path.Ext(p.file))
	return !slices.ContainsFunc(architectures, func(other string) bool { return other != arch && strings.HasSuffix(name, "_"+other) })
}

var patches = slices.Concat(runtimePatches, systemPatches, networkPatches)

// before puts a text in front of another.
func before(file, text, insert string) patch { return patch{file, text, insert + text} }

// after puts a text behind another.
func after(file, text, insert string) patch { return patch{file, text, text + insert} }

// virtual has a method of a descriptor do something else if the socket is virtual.
func virtual(file, signature, body string) patch {
	return after(file, signature+" {\n", "\tif fd.faultline != nil {\n\t\t"+body+"\n\t}\n")
}

// runtimePatches are those of scheduling, time and chance.
var runtimePatches = []patch{
	// The seed is the world's, and sysmon, which takes the processor from goroutines at real instants, is not started.
	before("runtime/rand.go", "\tseed := &globalRand.seed\n", "\tfaultlineReadSeed()\n"),
	{"runtime/proc.go", "\tif haveSysmon {\n", "\tif haveSysmon && !faultlineSeeded {\n"},
	// There is one processor, and whoever could ask for another thread has it.
	after("runtime/proc.go", "func wakep() {\n", "\tif faultlineSeeded {\n\t\treturn\n\t}\n"),
	// A select has the only processor, so it locks nothing and needs no order in which to do that. With all that it calls it takes 6 % of a world of etcd, and took 10 %.
	before("runtime/select.go", "\t// sort the cases by Hchan address", "\tif faultlineSeeded {\n\t\tcopy(lockorder, pollorder)\n\t\tgoto faultlineSorted\n\t}\n"),
	before("runtime/select.go", "\t// lock all the channels involved", "faultlineSorted:\n"),
	after("runtime/select.go", "func sellock(scases []scase, lockorder []uint16) {\n", "\tif faultlineSeeded {\n\t\tacquirem()\n\t\treturn\n\t}\n"),
	after("runtime/select.go", "func selunlock(scases []scase, lockorder []uint16) {\n", "\tif faultlineSeeded {\n\t\treleasem(getg().m)\n\t\treturn\n\t}\n"),
	before("runtime/select.go", "\tvar lastc *hchan\n\tfor sg := gp.waiting;", "\tif faultlineSeeded {\n\t\treleasem(getg().m)\n\t\treturn true\n\t}\n"),
	// Nobody is told for how long, in real time, goroutines waited for their turn.
	{"runtime/proc.go", "\tif !gp.tracking {\n", "\tif !gp.tracking || faultlineSeeded {\n"},
	// All threads draw from the same generators, and whether they wait for each other's locks costs no draw.
	{"runtime/rand.go", "\tc := &mp.chacha8\n", "\tc := &mp.faultlineChance().chacha8\n"},
	{"runtime/rand.go", "\tmp := getg().m\n\t// Implement wyrand", "\tmp := getg().m.faultlineChance()\n\t// Implement wyrand"},
	{"runtime/symtab.go", "\n\t\tcache := &mp.pcvalueCache\n", "\n\t\tcache := &mp.faultlineChance().pcvalueCache\n"},
	{"runtime/symtab.go", "\n\t\t\t\tcache := &mp.pcvalueCache\n", "\n\t\t\t\tcache := &mp.faultlineChance().pcvalueCache\n"},
	{"runtime/lock_spinbit.go", "antiStarve := cheaprandn(mutexTailWakePeriod) == 0", "antiStarve := !faultlineSeeded && cheaprandn(mutexTailWakePeriod) == 0"},
	// What packages do when they are initialized outside of a bubble is at one time.
	after("runtime/time.go", "\t\treturn sec, nsec, 0\n\t}\n", "\tif faultlineSeeded {\n\t\treturn 946684799, 0, 1\n\t}\n"),
	{"runtime/time.go", "\t\tsec = bubble.now / (1000 * 1000 * 1000)\n", "\t\tif gp := getg(); faultlineGuest || gp.faultlineHost != 0 {\n\t\t\treturn faultlineNow(gp, bubble.now)\n\t\t}\n\t\tsec = bubble.now / (1000 * 1000 * 1000)\n"},
	// Nor does the monotonic time that a time.Time has from a bubble depend on when the process started.
	{"time/time.go", "var startNano int64 = runtimeNano() - 1\n", "var startNano int64 = faultlineStart()\n"},
	// Many packages link to the clocks of the runtime, for speed.
	after("runtime/time_nofake.go", "func nanotime() int64 {\n", "\tif faultlineSeeded {\n\t\tif gp := getg(); gp.bubble != nil && (faultlineGuest || gp.faultlineHost != 0) {\n\t\t\treturn gp.bubble.now\n\t\t}\n\t}\n"),
	{"runtime/time_linux_amd64.s", "TEXT time·now<ABIInternal>(SB)", "TEXT runtime·faultlineRealNow<ABIInternal>(SB)"},
	{"runtime/timeasm.go", "func time_now() (sec int64, nsec int32, mono int64)", "func time_now() (sec int64, nsec int32, mono int64) {\n\tif faultlineGuest && getg().bubble != nil {\n\t\treturn time_runtimeNow()\n\t}\n\treturn faultlineRealNow()\n}\n\nfunc faultlineRealNow() (sec int64, nsec int32, mono int64)"},
	after("runtime/timestub.go", "func time_now() (sec int64, nsec int32, mono int64) {\n", "\tif faultlineGuest && getg().bubble != nil {\n\t\treturn time_runtimeNow()\n\t}\n"),
	// A goroutine that takes no other's place starts with the same stack.
	{"runtime/proc.go", "\t\tnewg = malg(stackMin)\n", "\t\tnewg = malg(int32(startingStackSize))\n"},
	// The packages of a world's process begin in one state, and those of a guest are in a bubble, whose time its world decides.
	before("runtime/proc.go", "\tlast := lastmoduledatap // grab before loop starts.", "\tif faultlineSeeded {\n\t\tneedUnlock = !faultlineGuest\n\t\tfaultlineMain()\n\t}\n"),
	after("runtime/synctest.go", "\tbubble.now = synctestBaseTime\n", "\tif faultlineSeeded && !faultlineGuest {\n\t\tfaultlineBeginBubble()\n\t}\n"),
	{"runtime/synctest.go", "\t\tnext := bubble.timers.wakeTime()\n\t\tif next == 0 {\n\t\t\tbreak\n\t\t}\n",
		"\t\tnext := bubble.timers.wakeTime()\n\t\tif faultlineIdle != nil {\n\t\t\tunlock(&bubble.mu)\n\t\t\tnow := faultlineIdle(next)\n\t\t\tlock(&bubble.mu)\n\t\t\tbubble.now = now\n\t\t\tcontinue\n\t\t}\n\t\tif next == 0 {\n\t\t\tbreak\n\t\t}\n"},
	// Whoever waits for a mutex waits for somebody who waits for time: a mutex does not keep time from going on. Nor does a
	// channel that was made before the bubble.
	after("runtime/runtime2.go", "\twaitReasonSynctestSelect:        true,\n",
		"\twaitReasonSyncMutexLock: true, waitReasonSyncRWMutexRLock: true, waitReasonSyncRWMutexLock: true,\n"+
			"\twaitReasonSyncWaitGroupWait: true, waitReasonSemacquire: true,\n"+
			"\twaitReasonChanReceive: true, waitReasonChanSend: true, waitReasonSelect: true,\n"),
	// A mutex looked at the real time to see who starves.
	{"internal/sync/mutex.go", "starving = starving || runtime_nanotime()-waitStartTime > starvationThresholdNs", "_ = waitStartTime // nobody starves"},
	after("internal/sync/mutex.go", "func (m *Mutex) Lock() {\n", "\tfaultlineLock()\n"),
	// A goroutine belongs to a host, and so do those that it starts.
	after("runtime/runtime2.go", "\tbubble  *synctestBubble\n", "\tfaultlineHost uint64\n"),
	after("runtime/proc.go", "\t\t\tnewg.labels = mp.curg.labels\n", "\t\t\tnewg.faultlineHost = mp.curg.faultlineHost\n"),
	after("runtime/proc.go", "\tgp.labels = nil\n", "\tgp.faultlineHost = 0\n"),
	{"time/sleep.go", "\treturn newTimer(when(d), 0, goFunc, f, nil)\n", "\treturn newTimer(when(d), 0, goFunc, faultlineOfHost(f), nil)\n"},
	before("runtime/proc.go", "\tif sched.disable.user && !schedEnabled(gp) {\n\t\t// Scheduling of this goroutine is disabled. Put it", "\tif gp.faultlineHost != 0 && faultlineHold(gp) {\n\t\tgoto top\n\t}\n\n"),
	// Whoever exits or panics is a node that dies.
	after("os/proc.go", "func Exit(code int) {\n", "\tsyscall.FaultlineExit(code)\n"),
	{"runtime/panic.go", "\tpreprintpanics(&p)\n\n\tfatalpanic(&p)",
		"\tpreprintpanics(&p)\n\n\tif n := getg().faultlineHost; n != 0 && faultlineDied != nil {\n\t\tprintpanics(&p)\n\t\tprint(\"\\n\")\n\t\trunningPanicDefers.Add(-1)\n\t\tfaultlineDied(n, 2)\n\t}\n\tfaultlinePanicked()\n\tfatalpanic(&p)"},
	// In a world whoever finds that all wait lets time go on, in place of the root.
	before("runtime/synctest.go", "\tunlock(&bubble.mu)\n\tif wake != nil {\n\t\tgoready(wake, 0)\n\t}\n}\n\n// maybeWakeLocked", "\twake = bubble.faultlineAdvance(wake)\n"),
	// Once there is a bubble no timer outside of it expires: it would do so at a real instant.
	before("runtime/synctest.go", "\t// This is newproc, but also records", "\tfaultlineInside = faultlineSeeded\n"),
	after("runtime/time.go", "\tts.trace(\"check\")\n", "\tif faultlineInside && bubble == nil {\n\t\treturn now, 0, false\n\t}\n"),
	// A number of processors that is the same everywhere, and stays so: two threads that run at once would end exact replay.
	after("runtime/debug.go", "func SetDefaultGOMAXPROCS() {\n", "\tif faultlineSeeded {\n\t\treturn\n\t}\n"),
	after("runtime/debug.go", "func GOMAXPROCS(n int) int {\n", "\tif faultlineSeeded {\n\t\treturn 1\n\t}\n"),
	{"runtime/debug.go", "\treturn int(numCPUStartup)\n", "\tif faultlineSeeded {\n\t\treturn 1\n\t}\n\treturn int(numCPUStartup)\n"},
	// The collector works when enough was allocated, and is done before the program goes on.
	after("runtime/mgc.go", "\tcase gcTriggerHeap:\n", "\t\tif faultlineSeeded {\n\t\t\treturn faultlineIsFull()\n\t\t}\n"),
	before("runtime/mgc.go", "\tif gp := getg(); gp.bubble != nil {\n", "\tif faultlineSeeded {\n\t\tif trigger.test() {\n\t\t\tfaultlineCollect()\n\t\t}\n\t\treturn\n\t}\n"),
	before("runtime/mgcsweep.go", "\tnalloc := uint16(s.countAlloc())\n", "\tif faultlineSeeded {\n\t\tfaultlineKeep(s)\n\t}\n"),
	before("runtime/mgcmark.go", "\tif gp == getg() {\n", "\tif faultlineGone(gp) {\n\t\treturn 0\n\t}\n"),
	// The kernel provides the pages of the heap in large pieces.
	before("runtime/mem_linux.go", "\n\t// Disable huge pages if the GODEBUG", "\tfaultlineProvide(v, n, vmaName)\n"),
	after("runtime/mgcscavenge.go", "func (s *scavengerState) wake() {\n", "\tif faultlineSeeded {\n\t\treturn\n\t}\n"),
	after("runtime/mfinal.go", "func queuefinalizer(p unsafe.Pointer, fn *funcval, nret uintptr, fint *_type, ot *ptrtype) {\n", "\tif faultlineSeeded {\n\t\treturn\n\t}\n"),
	after("runtime/mcleanup.go", "func (q *cleanupQueue) enqueue(c cleanupFn) {\n", "\tif faultlineSeeded {\n\t\treturn\n\t}\n"),
	after("runtime/mgcpacer.go", "func setGCPercent(in int32) (out int32) {\n", "\tif faultlineSeeded {\n\t\treturn 100\n\t}\n"),
	after("runtime/mgcpacer.go", "func setMemoryLimit(in int64) (out int64) {\n", "\tif faultlineSeeded {\n\t\treturn 1<<63 - 1\n\t}\n"),
}

// systemPatches are those of system calls.
var systemPatches = []patch{
	after("syscall/syscall_linux.go", "func Syscall(trap, a1, a2, a3 uintptr) (r1, r2 uintptr, err Errno) {\n",
		"\tif trap < uintptr(len(faultlineShape)) && faultlineShape[trap] != faultlineOther {\n\t\treturn faultlineCall(trap, a1, a2, a3, 0, 0, 0)\n\t}\n"),
	after("syscall/syscall_linux.go", "func Syscall6(trap, a1, a2, a3, a4, a5, a6 uintptr) (r1, r2 uintptr, err Errno) {\n",
		"\tif trap < uintptr(len(faultlineShape)) && faultlineShape[trap] != faultlineOther {\n\t\treturn faultlineCall(trap, a1, a2, a3, a4, a5, a6)\n\t}\n"),
	after("syscall/syscall_linux.go", "func RawSyscall6(trap, a1, a2, a3, a4, a5, a6 uintptr) (r1, r2 uintptr, err Errno) {\n",
		"\tif FaultlineGuest {\n\t\tif r1, err, done := faultlineOnRaw(trap, a1, a2); done {\n\t\t\treturn r1, 0, err\n\t\t}\n\t}\n"),
	// On amd64 this is no system call. Other packages jump to it by name.
	{"syscall/asm_linux_amd64.s", "TEXT ·gettimeofday(SB)", "TEXT ·faultlineRealTimeOfDay(SB)"},
	{"syscall/syscall_linux_amd64.go", "func gettimeofday(tv *Timeval) (err Errno)\n", "func faultlineRealTimeOfDay(tv *Timeval) (err Errno)\n"},
	after("plugin/plugin_stubs.go", "func open(name string) (*Plugin, error) {\n", "\tfaultlineUnable(name)\n"),
	after("os/sys_linux.go", "func hostname() (name string, err error) {\n", "\tif syscall.FaultlineIsHost() {\n\t\treturn syscall.FaultlineHostname(), nil\n\t}\n"),
	{"os/exec.go", "func Getpid() int { return syscall.Getpid() }", "func Getpid() int {\n\tif syscall.FaultlineIsSeeded() {\n\t\treturn 1\n\t}\n\treturn syscall.Getpid()\n}"},
	after("os/signal/signal.go", "func Notify(c chan<- os.Signal, sig ...os.Signal) {\n", "\tif faultlineQuiet() {\n\t\treturn\n\t}\n"),
	// Nothing is copied behind the back of the hook.
	after("os/zero_copy_linux.go", "func (f *File) readFrom(r io.Reader) (written int64, handled bool, err error) {\n", "\tif faultlineQuiet() {\n\t\treturn 0, false, nil\n\t}\n"),
	after("os/zero_copy_linux.go", "func (f *File) writeTo(w io.Writer) (written int64, handled bool, err error) {\n", "\tif faultlineQuiet() {\n\t\treturn 0, false, nil\n\t}\n"),
	// A guest starts no other process.
	after("syscall/exec_unix.go", "func forkExec(argv0 string, argv []string, attr *ProcAttr) (pid int, err error) {\n", "\tif m := faultlineHere(); m != nil {\n\t\tm.say('!', 0, 0, []byte(\"start the program \" + argv0))\n\t\treturn 0, ENOSYS\n\t}\n"),
	// crypto/rand draws from the runtime's generator, which the world seeds.
	{"crypto/internal/sysrand/rand.go", "\tif err := read(b); err != nil", "\tif err := faultlineRead(b); err != nil"},
}

// networkPatches put the virtual network below *net.TCPConn and its like, which servers ask for by their type.
var networkPatches = []patch{
	after("net/fd_posix.go", "type netFD struct {\n", "\tfaultline FaultlineSocket\n\tfaultlineFailed error\n"),
	virtual("net/fd_posix.go", "func (fd *netFD) Close() error", "return fd.faultlineClose()"),
	virtual("net/fd_posix.go", "func (fd *netFD) Read(p []byte) (n int, err error)", "return fd.faultlineRead(p)"),
	virtual("net/fd_posix.go", "func (fd *netFD) Write(p []byte) (nn int, err error)", "return fd.faultlineWrite(p)"),
	virtual("net/fd_posix.go", "func (fd *netFD) SetDeadline(t time.Time) error", "fd.faultline.SetReadDeadline(t)\n\t\tfd.faultline.SetWriteDeadline(t)\n\t\treturn nil"),
	virtual("net/fd_posix.go", "func (fd *netFD) SetReadDeadline(t time.Time) error", "fd.faultline.SetReadDeadline(t)\n\t\treturn nil"),
	virtual("net/fd_posix.go", "func (fd *netFD) SetWriteDeadline(t time.Time) error", "fd.faultline.SetWriteDeadline(t)\n\t\treturn nil"),
	virtual("net/fd_posix.go", "func (fd *netFD) readFromInet4(p []byte, from *syscall.SockaddrInet4) (n int, err error)", "n, *from, err = fd.faultlineReadFrom(p)\n\t\treturn n, err"),
	virtual("net/fd_posix.go", "func (fd *netFD) writeToInet4(p []byte, sa *syscall.SockaddrInet4) (n int, err error)", "return fd.faultlineWriteTo(p, sa)"),
	virtual("net/fd_posix.go", "func (fd *netFD) readMsgInet4(p []byte, oob []byte, flags int, sa *syscall.SockaddrInet4) (n, oobn, retflags int, err error)", "n, *sa, err = fd.faultlineReadFrom(p)\n\t\treturn n, 0, 0, err"),
	virtual("net/fd_posix.go", "func (fd *netFD) writeMsgInet4(p []byte, oob []byte, sa *syscall.SockaddrInet4) (n int, oobn int, err error)", "if sa == nil {\n\t\t\tn, err = fd.faultlineWrite(p)\n\t\t\treturn n, 0, err\n\t\t}\n\t\tn, err = fd.faultlineWriteTo(p, sa)\n\t\treturn n, 0, err"),
	virtual("net/fd_unix.go", "func (fd *netFD) accept() (netfd *netFD, err error)", "return fd.faultlineAccept()"),
	virtual("net/fd_unix.go", "func (fd *netFD) dup() (f *os.File, err error)", "return nil, syscall.ENOTSUP"),
	virtual("net/writev_unix.go", "func (fd *netFD) writeBuffers(v *Buffers) (n int64, err error)", "return fd.faultlineBuffers(v)"),
	after("net/tcpsock_posix.go", "func (c *TCPConn) readFrom(r io.Reader) (int64, error) {\n", "\tif c.fd.faultline != nil {\n\t\treturn genericReadFrom(c, r)\n\t}\n"),
	after("net/tcpsock_posix.go", "func (c *TCPConn) writeTo(w io.Writer) (int64, error) {\n", "\tif c.fd.faultline != nil {\n\t\treturn genericWriteTo(c, w)\n\t}\n"),
	// What the machine's kernel can do is the same everywhere.
	after("net/ipsock_posix.go", "func (p *ipStackCapabilities) probe() {\n", "\tif Faultline != nil {\n\t\tp.ipv4Enabled = true\n\t\treturn\n\t}\n"),
	after("net/mptcpsock_linux.go", "func initMPTCPavailable() {\n", "\tif Faultline != nil {\n\t\treturn\n\t}\n"),
	before("net/ipsock_posix.go", "\tfamily, ipv6only := favoriteAddrFamily(net, laddr, raddr, mode)\n", "\tif Faultline != nil {\n\t\treturn faultlineOpen(ctx, net, laddr, raddr, sotype, mode)\n\t}\n"),
	before("net/unixsock_posix.go", "\tfd, err := socket(ctx, net, syscall.AF_UNIX", "\tif Faultline != nil {\n\t\treturn faultlineOpen(ctx, net, laddr, raddr, sotype, mode)\n\t}\n"),
	before("net/lookup.go", "\ttrace, _ := ctx.Value(nettrace.TraceKey{}).(*nettrace.Trace)\n\tif trace != nil && trace.DNSStart != nil {\n\t\ttrace.DNSStart(host)", "\tif Faultline != nil {\n\t\treturn faultlineLookup(host)\n\t}\n"),
	before("net/lookup.go", "\treturn r.lookupHost(ctx, host)\n", "\tif Faultline != nil {\n\t\treturn faultlineLookupHost(host)\n\t}\n"),
	after("net/interface_linux.go", "func interfaceTable(ifindex int) ([]Interface, error) {\n", "\tif Faultline != nil {\n\t\treturn faultlineInterfaces(ifindex), nil\n\t}\n"),
	after("net/interface_linux.go", "func interfaceAddrTable(ifi *Interface) ([]Addr, error) {\n", "\tif Faultline != nil {\n\t\treturn faultlineAddresses(ifi), nil\n\t}\n"),
	// gRPC reads by system calls from what SyscallConn().Read lends it.
	before("net/rawconn.go", "\terr := c.fd.pfd.RawRead(f)\n", "\tif c.fd.faultline != nil {\n\t\treturn c.fd.faultlineRawRead(f)\n\t}\n"),
	before("net/rawconn.go", "\terr := c.fd.pfd.RawWrite(f)\n", "\tif c.fd.faultline != nil {\n\t\treturn syscall.ENOTSUP\n\t}\n"),
	// Idle connections of a transport that is shared, as http.DefaultTransport is, stay with the host that made them.
	{"net/http/transport.go", "\t\taddr:   targetAddr,\n", "\t\taddr:   targetAddr + faultlineOfHost(),\n"},
}
