// Package guest runs unmodified Go programs on simulated machines. A program that was built with the overlay, see package
// overlay, is a guest of the world: it has virtual time, the virtual network of its machine, and a disk that knows what was
// synced. It can be killed, paused and restarted at any instant.
//
// Start runs a program as a process of the operating system. It runs only while the world grants it time, and then the world
// stands still. When all of it waits it says what it did meanwhile, and until when it waits. So its own code cannot tell the
// world from a machine, and the same seed gives the same run.
//
// Run runs a program as goroutines of the world's own process, which is several times faster: the runtime holds them while the
// machine's process is paused, and never runs them again when it is dead. They share memory, and so global variables, with
// the world and all other hosts. What they do to files comes to the machine's disk by the hook in system calls that a guest
// has, see overlay/_std/syscall, and is said by a call of a function in place of a message.
//
// On runs code in the world's own process as that of another host, such as a client's.
//
// The guest's end of the wire is in overlay/_std/syscall and overlay/_std/net. A message is a kind, an identifier, a number and
// bytes. What a guest says:
//
//	I  it waits until the number, in ns; 0 for ever             X  it ends, with the number as its code
//	O  it writes to standard output or error                    !  it wants to do what cannot be done in a world
//	L  listens on a port, or a path                             D  dials, for at most the number of ns: +address, port; or !path
//	W  writes to a connection        E  will write no more      C  closes; 1 if there were unread bytes
//	K  has read that many bytes      P  opens a port for datagrams, connected to an address and port perhaps
//	Q  sends one: address, port, bytes   V  keep-alive: idle time, interval, count; user time-out
//	o  opens a file by name, with flags   c  closes it          b  wrote bytes at an offset     t  changed the size
//	s  wants a file synced, M a mapped range of one, S all      p  maps a file to write to it, by its name
//	u  took a name away              m  made a directory        r  renamed, l linked: two names with a zero between
//
// What the world says:
//
//	y  it is to say with I how its runtime stands
//	G  it is that time, in ns: go on   h  the table of hosts    w  the wall clock is off by that many ns
//	j  delays at mutexes, J at system calls: one of id, at most that many ns       f  the disk is full, or not any more
//	a  a connection arrived at a listener, with an identifier: address, port
//	d  a dial ended, with an errno: port   r  bytes have arrived; none for the end, or an errno
//	k  there is room for more bytes  q  a datagram: address, port, bytes     s  a sync ended, with an errno
package guest
