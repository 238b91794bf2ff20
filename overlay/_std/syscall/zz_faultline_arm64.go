package syscall

// The numbers of calls that package syscall does not name.
const (
	faultlinePwritev    = 70
	faultlineRenameat2  = 276
	faultlineCopyRange  = 285
	faultlineIoUring    = 425
	faultlineFaccessat2 = 439
	faultlineStatxTrap  = 291
	faultlineFstatat    = SYS_FSTATAT
	faultlineGetrandom  = SYS_GETRANDOM
	faultlineExecveat   = SYS_EXECVEAT
	faultlinePidfdOpen  = 434
	faultlineOpenat2    = 437
	faultlinePwritev2   = 287
	faultlineSyncfs     = 267
)

// There are no calls that others have taken the place of.
var faultlinePolls, faultlinePipes, faultlineWatches, faultlineEvents, faultlineOldNames []uintptr

//go:nosplit
func faultlineRelative(old, a1, a2, a3 uintptr) (trap, r1, r2, r3, r4 uintptr) {
	return old, a1, a2, a3, 0
}
