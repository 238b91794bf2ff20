package raftstore

// dropSnapshot removes the newest snapshot of a node that is down, if the log goes on where the one before ends, or at
// its first entry if there is none before. Else it leaves it: raft would have a gap.
func (s stored) dropSnapshot() error {
	all, err := readSnapshots(s.disk.Names(), s.disk.ReadFile)
	if err != nil || len(all) == 0 {
		return err
	}
	needed := uint64(1)
	if len(all) > 1 {
		needed = all[1].Meta.Index + 1
	}
	if first, err := s.firstEntry(); err != nil || first == 0 || first > needed {
		return err
	}
	return s.disk.Remove(all[0].name())
}
