package build

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"

	"faultline/cluster/foreign/description"
)

// Itself builds the program that calls it, from main, once more with the overlay: it is the program of worlds whose nodes are a part of it.
func (b *Builder) Itself(ctx context.Context) (Record, error) {
	own, err := b.ownPackage()
	if err != nil {
		return Record{}, err
	}
	p := Plan{Name: "this program with the overlay", Store: own}
	g, unlock, err := b.begin(ctx, p)
	if err != nil {
		return Record{}, err
	}
	defer unlock()
	file, err := b.store(ctx, g, p)
	if err != nil {
		return Record{}, fmt.Errorf("build %s: %w", p.Name, err)
	}
	return b.keep(p, file, file)
}

const (
	ownModule = "faultline"
	ownMain   = "cmd/faultline"
)

// ownPackage is the package main of this program, with the tags that it was built with. That of Faultline itself, and of its tests, is
// where its source is.
func (b *Builder) ownPackage() (description.Build, error) {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return description.Build{}, errors.New("this program does not tell what it was built from: build it by the go command, with modules")
	}
	tags := tagsOf(info)
	switch {
	case info.Main.Path == ownModule && b.source.dir != "":
		return description.Build{Path: filepath.Join(b.source.dir, ownMain), Tags: tags}, nil
	case info.Main.Path == ownModule:
		return description.Build{Package: ownModule + "/" + ownMain, Version: b.source.version, Tags: tags}, nil
	case strings.HasSuffix(info.Path, ".test"):
		return description.Build{}, errors.New("a test has worlds with the overlay if it was built with it: run it by the command faultline test")
	}
	file := MainFile()
	if !filepath.IsAbs(file) {
		return description.Build{}, fmt.Errorf("the source of %s is not known, from which it is built once more with the overlay: build it without -trimpath", info.Path)
	}
	return description.Build{Path: filepath.Dir(file), Tags: tags}, nil
}

// MainFile is the file of the function main that calls this; empty if none does.
func MainFile() string {
	pcs := make([]uintptr, 64)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(0, pcs)])
	for {
		frame, more := frames.Next()
		if frame.Function == "main.main" {
			return frame.File
		}
		if !more {
			return ""
		}
	}
}
