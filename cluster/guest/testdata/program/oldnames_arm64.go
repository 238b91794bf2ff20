package main

import (
	"os"
	"syscall"
)

// oldNames does by package os what amd64 has system calls of its own for.
func oldNames() {
	must(os.MkdirAll("old", 0o755))
	must(os.WriteFile("old/renamed", nil, 0o600))
	result("remove it again", syscall.Unlink("old/linked"))
	result("a symbolic link", syscall.Symlink("old", "symbolic"))
	list()
}
