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
)

// There are no calls that others have taken the place of.
var faultlinePolls, faultlinePipes, faultlineWatches, faultlineEvents []uintptr
