// This program is a guest of the worlds of the tests of package guest. Its first argument says which of its small programs runs.
// None of them knows of the world: what they print is what they would print on a machine.
package main

import (
	"fmt"
	"os"
	"time"
)

// programs are by name, each with the rest of the arguments.
var programs = map[string]func(args []string){}

// start is when the program began, by its monotonic clock.
var start = time.Now()

func main() {
	run := programs[os.Args[1]]
	if run == nil {
		fmt.Println("there is no program", os.Args[1])
		os.Exit(1)
	}
	run(os.Args[2:])
}

// say prints a line, with how long the program has run, in ms.
func say(format string, args ...any) {
	fmt.Printf("%5d ms  %s\n", time.Since(start).Milliseconds(), fmt.Sprintf(format, args...))
}

// must ends the program if something failed.
func must(err error) {
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

// result is the error of what is expected to fail perhaps.
func result(what string, err error) {
	if err == nil {
		fmt.Println(what, "works")
		return
	}
	fmt.Printf("%s: %v\n", what, err)
}
