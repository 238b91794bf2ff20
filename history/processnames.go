package history

// namedProcesses gives numbers to processes that have names, from 0 in the order in which they appear. A number of the
// file could be one of those, so a history has names or numbers. The names are kept: they are what memory grows with.
type namedProcesses struct {
	in       records
	numbers  map[string]int
	numbered bool // a process had a number
}

func (n *namedProcesses) next(r *record) error {
	if err := n.in.next(r); err != nil || r.Process == Nemesis {
		return err
	}
	if r.processName == "" {
		n.numbered = true
	}
	if n.numbered && (r.processName != "" || len(n.numbers) > 0) {
		return r.at.errorf("some processes of this history have names and others have numbers, which cannot be told apart once names are numbered")
	}
	if n.numbered {
		return nil
	}
	number, known := n.numbers[r.processName]
	if !known {
		if n.numbers == nil {
			n.numbers = map[string]int{}
		}
		number = len(n.numbers)
		n.numbers[r.processName] = number
	}
	r.Process = number
	return nil
}
