package description

import (
	"embed"
	"fmt"
	"path"
	"strings"
)

//go:embed systems/*.toml
var files embed.FS

// names are those of the systems that come with Faultline.
var names = []string{"etcd", "nats", "nats-stream"}

// Names returns the names of the systems that come with Faultline.
func Names() []string { return append([]string(nil), names...) }

// Text returns the file of a system that comes with Faultline; false if there is none of that name.
func Text(name string) ([]byte, bool) {
	for _, known := range names {
		if known == name {
			return embedded(name), true
		}
	}
	return nil, false
}

// BuiltIn returns a system that comes with Faultline; false if there is none of that name.
func BuiltIn(name string) (Description, bool) {
	text, ok := Text(name)
	if !ok {
		return Description{}, false
	}
	d, err := Parse(name+".toml", ".", text)
	if err != nil {
		panic(fmt.Sprintf("a system that comes with Faultline: %v", err)) // a test reads all of them
	}
	return d, true
}

// Example is a description with every key and what it means.
func Example() string { return string(embedded("example")) }

func embedded(name string) []byte {
	text, err := files.ReadFile(path.Join("systems", name+".toml"))
	if err != nil {
		panic(err) // it is a part of this package
	}
	return []byte(strings.TrimSpace(string(text)) + "\n")
}
