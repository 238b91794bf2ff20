package history

import "fmt"

// lives gives a new number to a process that goes on after info. Some recorders keep the number of a
// client whose operation ended in info; here that process never speaks again, since its operation may
// still take effect, and the client goes on as another one: 3, then 1003, then 2003. Should the file have
// a process 1003 of its own, then 3 goes on as 2003.
type lives struct {
	numbered processSet    // numbers that the file gives to processes
	taken    processSet    // numbers that processes have here
	ended    processSet    // of those, the ones that ended in info
	highest  [nextLife]int // of those, the highest with the same last three digits
	now      map[int]int   // what a process of the file is called now, if not as in the file
	open     map[int]invocation
}

// invocation is what a completion may need to know of the operation that it completes.
type invocation struct {
	key   string
	value Value
}

// nextLife is how far apart the numbers of a client are.
const nextLife = 1000

// name renames the process of a client's event, and returns the operation that it has open, if any.
func (l *lives) name(e *Event) (invoked invocation, err error) {
	file := e.Process
	now, renamed := l.now[file]
	if !renamed {
		now = file
	}
	invoked, open := l.open[file]
	first := !l.numbered.has(file)
	another := first && l.taken.has(file) || !first && !open && e.Type == Invoke && l.ended.has(now)
	if another {
		if now, err = l.another(now); err != nil {
			return invocation{}, err
		}
		l.now[file] = now
	}
	if first || another {
		l.numbered.add(file)
		l.taken.add(now)
		l.highest[now%nextLife] = max(l.highest[now%nextLife], now)
	}
	e.Process = now
	return invoked, nil
}

// another returns a number that no process has.
func (l *lives) another(after int) (int, error) {
	p := l.highest[after%nextLife] + nextLife
	if p > maxProcess {
		return 0, fmt.Errorf("process %d goes on after info, and no number is left for what it is then", after)
	}
	return p, nil
}

// follow keeps track of the operation that a process of the file has open.
func (l *lives) follow(file int, e *Event) {
	if e.Type == Invoke {
		l.open[file] = invocation{e.Key, e.Value}
		return
	}
	delete(l.open, file)
	if e.Type == Info {
		l.ended.add(e.Process)
	}
}
