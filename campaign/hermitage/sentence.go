package hermitage

import (
	"regexp"
	"strconv"
	"strings"

	"faultline/history"
	"faultline/workloads"
)

var (
	// numbered is how a finding mentions a transaction for the first time, and mentioned how it does so at all.
	numbered  = regexp.MustCompile(`\bT(\d+) \(process (\d+)\)`)
	mentioned = regexp.MustCompile(`\bT(\d+)\b( \(process \d+\))?`)
)

// inTermsOf is the sentence of a finding with the transactions and the keys called as the case calls them. The checker numbers transactions
// as it comes by them, and says of each which process it is.
func inTermsOf(a workloads.Anomaly, events []history.Event, sentence string) string {
	names := map[string]string{}
	for _, m := range numbered.FindAllStringSubmatch(sentence, -1) {
		names[m[1]] = actor(a, events, m[2])
	}
	sentence = mentioned.ReplaceAllStringFunc(sentence, func(text string) string {
		number := mentioned.FindStringSubmatch(text)[1]
		if name := names[number]; name != "" {
			return name
		}
		return text
	})
	return strings.ReplaceAll(sentence, a.Keys(), "")
}

// actor is the name of the transaction that a process does. Its parts are done by the next process, see package ops.
func actor(a workloads.Anomaly, events []history.Event, process string) string {
	whole, _ := strconv.Atoi(process)
	for _, e := range events {
		if by, ours := strings.CutPrefix(e.Key, a.Name+" "); ours && e.Process == whole+1 {
			return by
		}
	}
	return ""
}
