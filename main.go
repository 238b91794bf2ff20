package faultline

import "faultline/internal/cli"

// Main is the main function of the program faultline, with the kinds of systems and the workloads that are registered: call
// it from a main of your own to have its whole command line for your stores.
func Main() { cli.Main() }
