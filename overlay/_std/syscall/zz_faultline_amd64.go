package syscall

// The numbers of calls that package syscall does not name.
const (
	faultlinePwritev    = 296
	faultlineRenameat2  = 316
	faultlineCopyRange  = 326
	faultlineIoUring    = 425
	faultlineFaccessat2 = 439
	faultlineStatxTrap  = 332
	faultlineFstatat    = SYS_NEWFSTATAT
)
