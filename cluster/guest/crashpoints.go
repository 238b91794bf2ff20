package guest

// The points at which a guest can be made to die by what it asks of its disk.
const (
	wantsSync = "sync"    // it wants something synced
	synced    = "synced"  // that is synced, and the guest was not told
	renames   = "rename"  // it renames something
	renamed   = "renamed" // it has
)

// CrashPoints are where a guest can be made to die: see sim.Config.
func CrashPoints() []string { return []string{wantsSync, synced, renames, renamed} }
