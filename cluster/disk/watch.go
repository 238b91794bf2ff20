package disk

import "fmt"

// OnChange says who is told of each change, once processes see it, and of each sync, once it took effect: whenever a loss of
// power leaves something else than before. It is called without locks on the goroutine that made the change, which goes on when it
// returns, and it says what was done, such as "write 4096 bytes at 8192 of data.db". What is left of a dead node changes nothing.
// It is set before the disk is opened; nil is nobody.
func (d *Disk) OnChange(told func(what string)) { d.told = told }

// changed tells of a change.
func (v *Volume) changed(format string, a ...any) {
	if v.watched() {
		v.disk.told(fmt.Sprintf(format, a...))
	}
}

// watched reports whether anybody is told of changes.
func (v *Volume) watched() bool { return v.disk.told != nil && !v.cutOff() }

// succeeded tells of a change unless it failed, and returns its error.
func (v *Volume) succeeded(err error, format string, a ...any) error {
	if err == nil {
		v.changed(format, a...)
	}
	return err
}
