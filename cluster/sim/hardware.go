package sim

import (
	"fmt"
	"time"

	"faultline/cluster/disk"
	"faultline/cluster/network"
)

// Hardware is what the machines of a cluster are like. A design embeds it in its settings, and so has its flags.
type Hardware struct {
	Delay network.Delay `json:"delay"` // of every link
	// FileSystem is ext4, or one of the harsh ones: see disk.FileSystem.
	FileSystem string `json:"file_system,omitempty" flag:"file-system" doc:"what a power loss leaves of unsynced data: ext4, or the harsher strict, lazy or unordered" choices:"ext4,strict,lazy,unordered"`
	// SyncTime is how long a sync takes, and the mean of an exponential tail that it has besides. 0 is that of a disk: see disk.Config.
	SyncTime time.Duration `json:"sync_time,omitempty" flag:"sync-time" doc:"how long a sync of a disk takes, and the mean of an exponential tail; 0 for 200µs"`
	GoroutineDelays
}

// WithDefaults fills in what is not set: a network of one site, ext4, and no delays of goroutines.
func (h Hardware) WithDefaults() Hardware {
	if h.Delay == (network.Delay{}) {
		h.Delay = network.Delay{Base: 500 * time.Microsecond, Tail: 500 * time.Microsecond}
	}
	if h.FileSystem == "" {
		h.FileSystem = disk.Ext4.String()
	}
	if h.GoroutineDelays == (GoroutineDelays{}) {
		h.GoroutineDelays = usualDelays
	}
	return h
}

// Validate reports what no machine can have.
func (h Hardware) Validate() error {
	if h.SyncTime < 0 {
		return fmt.Errorf("a sync takes %v: give 0 or more", h.SyncTime)
	}
	if err := h.GoroutineDelays.validate(); err != nil {
		return err
	}
	_, err := h.fileSystem()
	return err
}

func (h Hardware) fileSystem() (disk.FileSystem, error) {
	name := h.WithDefaults().FileSystem
	for _, s := range disk.FileSystems() {
		if s.String() == name {
			return s, nil
		}
	}
	return 0, fmt.Errorf("unknown file system %q; there are ext4, strict, lazy, unordered", name)
}

// RoundTrip is how long a message between two machines and its answer take, in the median.
func (h Hardware) RoundTrip() time.Duration { return h.Delay.RoundTrip() }
