package disk

import "os"

// durability says which parts of a write are durable once it returns, by the flags with which the file was opened.
type durability uint8

const (
	buffered durability = iota
	direct              // its contents: O_DIRECT
	synced              // what File.Sync makes durable: O_SYNC and O_DSYNC
)

func durabilityOf(flag int) durability {
	switch {
	case flag&(os.O_SYNC|dataSync) != 0:
		return synced
	case flag&directIO != 0:
		return direct
	default:
		return buffered
	}
}

// settle makes durable what was just written, as far as the file was opened for that.
func (f *File) settle() error {
	switch f.durable {
	case synced:
		return f.synced(f.volume.sync(f.file))
	case direct:
		return f.synced(f.volume.syncData(f.file))
	default:
		return nil
	}
}
