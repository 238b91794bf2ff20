package nemesis

import "time"

// pulse is what a verb does again and again, from its beginning until it is ended. It is told from others of the
// verb by its address.
type pulse struct{ every time.Duration }

// parseEvery reads how often.
func parseEvery(l *line) (time.Duration, error) {
	if err := parseWord(l, "every", "every 300ms"); err != nil {
		return 0, err
	}
	return parseAmountOfTime(l, minInterval)
}
