package description

import (
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"
)

// lineOf returns the line where a key is, such as "node.args"; or where its table is, if the key is missing; else 0. Of tables that
// are repeated it is the last.
func lineOf(text []byte, key string) int {
	var p unstable.Parser
	p.Reset(text)
	table, line := "", 0
	for p.NextExpression() {
		e := p.Expression()
		name, at := keyOf(&p, e)
		switch {
		case e.Kind == unstable.Table || e.Kind == unstable.ArrayTable:
			table = name
		case e.Kind == unstable.KeyValue && table != "":
			name = table + "." + name
		}
		if name != "" && (name == key || strings.HasPrefix(key, name+".")) {
			line = at
		}
	}
	return line
}

// keyOf is the key of an expression, with its line.
func keyOf(p *unstable.Parser, e *unstable.Node) (key string, line int) {
	if e.Kind != unstable.Table && e.Kind != unstable.ArrayTable && e.Kind != unstable.KeyValue {
		return "", 0
	}
	var parts []string
	for it := e.Key(); it.Next(); {
		parts = append(parts, string(it.Node().Data))
		line = p.Shape(it.Node().Raw).Start.Line
	}
	return strings.Join(parts, "."), line
}
