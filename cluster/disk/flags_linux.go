package disk

import "syscall"

const dataSync, directIO = syscall.O_DSYNC, syscall.O_DIRECT
