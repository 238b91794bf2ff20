package history

import "bytes"

// logLine is a line of jepsen.log, or of what Jepsen prints while it runs, taken apart. Its forms, by version:
//
//	INFO  jepsen.util - 3	:invoke	:write	4
//	INFO [2019-04-01 11:25:00,722] jepsen worker 0 - jepsen.util 3	:invoke	:write	4
//	2021-02-26 23:39:01,300{GMT}	INFO	[jepsen worker 0] jepsen.util: 3	:invoke	:write	4
//	INFO	[jepsen worker 0] jepsen.util: 3	:invoke	:write	4
//
// Times are not taken from it. They are cut to milliseconds, so that an operation would seem to complete before it does,
// and what is not seen as concurrent can be a false alarm. The order of the lines is what Jepsen promises: an
// invocation is logged before its operation begins, and a completion after it has ended.
type logLine struct {
	logger  []byte // which part of Jepsen logged it; nil for a line that was not logged, such as those of history.txt
	message int    // where in the line the message begins
}

var logLevels = [][]byte{[]byte("INFO"), []byte("WARN"), []byte("ERROR"), []byte("DEBUG"), []byte("TRACE"), []byte("FATAL")}

// parseLogLine takes a line apart. The message of one that was not logged is all of it.
func parseLogLine(line []byte) logLine {
	rest := line[:min(len(line), 200)]
	if isDate(rest) {
		_, rest, _ = bytes.Cut(rest, []byte{'\t'})
	}
	level, rest := cutField(rest)
	known := false
	for _, l := range logLevels {
		known = known || bytes.Equal(l, level)
	}
	if !known {
		return logLine{}
	}
	var logger []byte
	switch bracketed, after, ok := bracket(rest); {
	case !ok: // jepsen.util - message
		logger, rest = cutField(rest)
		if after, ok = bytes.CutPrefix(bytes.TrimLeft(rest, " \t"), []byte("- ")); !ok {
			return logLine{}
		}
		rest = after
	case isDate(bracketed): // [time] thread - jepsen.util message
		_, after, _ = bytes.Cut(after, []byte(" - "))
		logger, rest = cutField(after)
	default: // [thread] jepsen.util: message
		logger, rest, _ = bytes.Cut(bytes.TrimLeft(after, " "), []byte(": "))
	}
	if len(logger) == 0 {
		return logLine{}
	}
	return logLine{logger, min(len(line), 200) - len(rest)}
}

// bracket takes what is in brackets off the front.
func bracket(b []byte) (inside, after []byte, ok bool) {
	b, ok = bytes.CutPrefix(bytes.TrimLeft(b, " \t"), []byte{'['})
	if !ok {
		return nil, nil, false
	}
	return bytes.Cut(b, []byte{']'})
}

// cutField takes the first field off the front, which ends at a blank.
func cutField(b []byte) (field, rest []byte) {
	b = bytes.TrimLeft(b, " \t")
	if i := bytes.IndexAny(b, " \t"); i >= 0 {
		return b[:i], b[i:]
	}
	return b, nil
}

func isDate(b []byte) bool {
	const form = "0000-00-00"
	if len(b) < len(form) {
		return false
	}
	for i := range len(form) {
		if form[i] == '-' && b[i] != '-' || form[i] == '0' && (b[i] < '0' || b[i] > '9') {
			return false
		}
	}
	return true
}

// logsOperations tells whether this part of Jepsen logs the operations, among other things.
func (l logLine) logsOperations() bool {
	return string(l.logger) == "jepsen.util" || string(l.logger) == "jepsen.print"
}

// isOperation tells whether a message, or a line that was not logged, is about an operation: a process and a type.
func isOperation(message []byte) bool {
	process, rest := cutField(message)
	typ, _ := cutField(rest)
	if len(process) == 0 || len(typ) < 2 || typ[0] != ':' {
		return false
	}
	_, err := ParseType(string(typ[1:]))
	return err == nil
}

// beginsWithProcess tells whether the first field is the number of a process, or the nemesis.
func beginsWithProcess(message []byte) bool {
	process, _ := cutField(message)
	for _, c := range process {
		if c < '0' || c > '9' {
			return string(process) == ":nemesis"
		}
	}
	return len(process) > 0
}
