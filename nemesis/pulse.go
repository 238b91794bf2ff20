package nemesis

import "time"

// pulse is what a verb does again and again until it is ended. Its address distinguishes it from other pulses of the
// verb.
type pulse struct{ every time.Duration }

// parseEvery reads how often.
func parseEvery(l *line) (time.Duration, error) {
	if err := parseWord(l, "every", "every 300ms"); err != nil {
		return 0, err
	}
	return parseAmountOfTime(l, minInterval)
}
