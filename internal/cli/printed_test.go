package cli

import (
	"errors"
	"os/exec"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// printed executes every command that is in a file as part of what was printed, as a shell does: printed PROGRAM FILE. Each
// must come to a verdict, and serve must say where its page is.
func printed(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: printed program file")
	}
	commands := commandsIn(ts.ReadFile(args[1]), args[0])
	if len(commands) == 0 {
		ts.Fatalf("there are no commands in %s", args[1])
	}
	for _, command := range commands {
		ts.Logf("printed: %s", command)
		verb, _, _ := strings.Cut(strings.TrimPrefix(command, args[0]+" "), " ")
		if verb == "serve" {
			ts.Check(ts.Exec("sh", "-c", "rm -f served; "+command+` --addr 127.0.0.1:0 >served & pid=$!
				until test -s served || ! kill -0 $pid; do sleep 0.01; done; kill -INT $pid; wait $pid`))
			if page := ts.ReadFile("served"); !strings.Contains(page, "/run/") {
				ts.Fatalf("it serves %s", page)
			}
			continue
		}
		var exit *exec.ExitError
		switch err := ts.Exec("sh", "-c", command); {
		case errors.As(err, &exit) && exit.ExitCode() > 2:
			ts.Fatalf("the exit code is %d", exit.ExitCode())
		case err != nil && exit == nil:
			ts.Fatalf("%v", err)
		}
	}
}

// commandsIn are the commands in a text: they end lines, and begin them or come behind a label.
func commandsIn(text, program string) []string {
	var commands []string
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		for _, label := range []string{"", "  ", ": "} {
			before, rest, found := strings.Cut(line, label+program+" ")
			if found && (before == "" || label != "") {
				commands = append(commands, program+" "+rest)
				break
			}
		}
	}
	return commands
}
