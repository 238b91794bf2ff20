package nemesis

import (
	"fmt"
	"slices"
	"strings"
)

// symbol stands for nodes that are chosen when the action is carried out.
type symbol uint8

const (
	noSymbol symbol = iota // the nodes are named
	theLeader
	one
	minority // as many as leave a majority
	majority // as few as are one
	all      // all that are in a state in which the action can have an effect
	theRest  // all that no other group of the partition holds
)

var symbolWords = [...]string{
	noSymbol: "", theLeader: "leader", one: "one", minority: "minority", majority: "majority", all: "all", theRest: "rest",
}

func (s symbol) String() string { return symbolWords[s] }

func symbolNames() []string { return slices.Clone(symbolWords[theLeader:]) }

// size is how many of n nodes a symbol that leaves the choice to chance stands for; 0 for the others.
func (s symbol) size(n int) int {
	switch s {
	case one:
		return min(n, 1)
	case minority:
		return max(n-1, 0) / 2
	case majority:
		return n/2 + 1
	default:
		return 0
	}
}

// random reports whether the symbol leaves the choice to chance.
func (s symbol) random() bool { return s == one || s == minority || s == majority }

// targets are the nodes that an action aims at: names, in the order in which they were given, or a symbol.
type targets struct {
	names  []string
	symbol symbol
}

func (t targets) String() string {
	if t.symbol != noSymbol {
		return t.symbol.String()
	}
	return strings.Join(t.names, ",")
}

// parseTargets reads names separated by commas, or one of the symbols that the verb can aim at.
func parseTargets(l *line, verb string, allowed []symbol) (targets, error) {
	if word := l.peek(); slices.Contains(symbolWords[theLeader:], word) {
		return parseSymbol(l, verb, allowed)
	}
	var names []string
	for {
		word := l.next()
		switch {
		case word == "" || strings.Contains(marks, word):
			return targets{}, l.errorf("the name of a node should stand here; %s takes %s", verb, takes(allowed))
		case slices.Contains(symbolWords[theLeader:], word):
			return targets{}, l.errorf("%s stands alone, not among names", word)
		case !validName(word):
			return targets{}, l.errorf("%q cannot be the name of a node: %s", word, nameRule)
		case slices.Contains(names, word):
			return targets{}, l.errorf("%s is named twice", word)
		}
		names = append(names, word)
		if !l.skip(",") {
			return targets{names: names}, nil
		}
	}
}

func parseSymbol(l *line, verb string, allowed []symbol) (targets, error) {
	s := symbol(slices.Index(symbolWords[:], l.next()))
	if !slices.Contains(allowed, s) {
		return targets{}, l.errorf("%s cannot aim at %s; it takes %s", verb, s, takes(allowed))
	}
	if l.skip(",") {
		return targets{}, l.errorf("%s stands alone, not among names", s)
	}
	return targets{symbol: s}, nil
}

// takes says what can be aimed at.
func takes(allowed []symbol) string {
	words := make([]string, len(allowed))
	for i, s := range allowed {
		words[i] = s.String()
	}
	return fmt.Sprintf("names such as n1,n2 or a symbol: %s", strings.Join(words, ", "))
}
