// Package build makes the programs of a world in which a store runs that is a program of its own: the store, unmodified, and the
// program of the world, which is linked with the client. Both are built by the go command of this machine, with the overlay of
// the standard library. It also builds this very program so, for worlds whose nodes are a part of it.
//
// What was built is kept in the user's cache under the digest of its content and never changes there, so a campaign that runs
// goes on with the programs it began with. One build is done at a time, whoever else builds. A build that fails shows what the
// go command said.
package build

import (
	"context"
	"errors"
	"fmt"
	"go/version"
	"io"
	"os"
	"path/filepath"

	"faultline/cluster"
	"faultline/cluster/foreign/description"
	"faultline/overlay"
)

// Plan says what is built.
type Plan struct {
	Name   string            // of the system
	Store  description.Build // its program
	Client string            // the import path of a client that comes with Faultline, or the directory of another
	Own    bool              // it is another
	Inside bool              // the store runs inside the program of the world
}

// The programs. The first is cluster.WorldProgram.
const (
	World = cluster.WorldProgram
	Store = "store"
)

// Builder builds.
type Builder struct {
	cache    string // a directory
	source   source
	overlay  func(ctx context.Context, dir string, g overlay.Go) (file string, err error)
	progress io.Writer
}

// New returns a builder that tells progress in lines. The error says that there is no place to build in, or no source of
// Faultline to build from.
func New(progress io.Writer) (*Builder, error) {
	cache, err := cacheDir()
	if err != nil {
		return nil, err
	}
	source, err := findSource()
	if err != nil {
		return nil, err
	}
	return &Builder{cache: cache, source: source, overlay: overlay.Make, progress: progress}, nil
}

// cacheDir is where builds are kept.
func cacheDir() (string, error) {
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("find a directory for what is built: %w", err)
	}
	return filepath.Join(dir, "faultline"), nil
}

// Build makes the programs and returns what they were made from. What has not changed is not made again.
func (b *Builder) Build(ctx context.Context, p Plan) (Record, error) {
	g, unlock, err := b.begin(ctx, p)
	if err != nil {
		return Record{}, err
	}
	defer unlock()
	if p.Inside {
		world, err := b.world(ctx, g, p)
		if err != nil {
			return Record{}, fmt.Errorf("build %s inside its world: %w", p.Name, err)
		}
		return b.keep(p, world, world)
	}
	store, err := b.store(ctx, g, p)
	if err != nil {
		return Record{}, fmt.Errorf("build %s: %w", p.Name, err)
	}
	world, err := b.world(ctx, g, p)
	if err != nil {
		return Record{}, fmt.Errorf("build the world of %s: %w", p.Name, err)
	}
	return b.keep(p, store, world)
}

// begin finds the go command, and has nobody else build until unlock is called.
func (b *Builder) begin(ctx context.Context, p Plan) (g *toolchain, unlock func(), err error) {
	if err := os.MkdirAll(b.cache, 0o755); err != nil {
		return nil, nil, fmt.Errorf("make a directory for what is built: %w", err)
	}
	if unlock, err = lock(ctx, filepath.Join(b.cache, "lock"), b.progress); err != nil {
		return nil, nil, err
	}
	if g, err = b.toolchain(ctx, p); err != nil {
		unlock()
		return nil, nil, err
	}
	return g, unlock, nil
}

// toolchain is the go command, with the overlay for its standard library.
func (b *Builder) toolchain(ctx context.Context, p Plan) (*toolchain, error) {
	installed, err := overlay.Installed(ctx, b.cache)
	if err != nil {
		return nil, err
	}
	if oldest := p.Store.Go; oldest != "" && version.Compare(installed.Version, "go"+oldest) < 0 {
		return nil, fmt.Errorf("%s needs Go %s, and the go command here is %s", p.Name, oldest, installed.Version)
	}
	file, err := b.overlay(ctx, filepath.Join(b.cache, "overlay"), installed)
	if err != nil {
		return nil, fmt.Errorf("make the overlay of the standard library: %w", err)
	}
	return &toolchain{version: installed.Version, overlay: file}, nil
}

// store builds the store's program, or finds the one that was built before, and returns its file.
func (b *Builder) store(ctx context.Context, g *toolchain, p Plan) (string, error) {
	switch s := p.Store; {
	case s.Binary != "":
		return s.Binary, checkBinary(s.Binary)
	case s.Path != "":
		return b.fromPath(ctx, g, s)
	default:
		return b.fromModule(ctx, g, s)
	}
}

// fromPath builds a package in its own module.
func (b *Builder) fromPath(ctx context.Context, g *toolchain, s description.Build) (string, error) {
	dir, err := b.workspace(g, "path", s.Path, s.Tags)
	if err != nil {
		return "", err
	}
	if info, err := os.Stat(s.Path); err != nil || !info.IsDir() {
		return "", fmt.Errorf("build.path: there is no directory %s", s.Path)
	}
	file := filepath.Join(dir, Store)
	return file, b.slowly("build "+s.Path, func() error { return g.users().build(ctx, s.Path, file, s.Tags, ".") })
}

// fromModule builds a package of a module that is downloaded, in a module that requires it.
func (b *Builder) fromModule(ctx context.Context, g *toolchain, s description.Build) (string, error) {
	m, err := b.requiring(g, s)
	if err != nil {
		return "", err
	}
	what := s.Package + "@" + s.Version
	if !m.ready || !isExact(s.Version) {
		if err := b.slowly("download "+what, func() error { return m.get(ctx, g, s) }); err != nil {
			return "", err
		}
	}
	file := filepath.Join(m.dir, Store)
	return file, b.slowly("build "+what, func() error { return g.build(ctx, m.dir, file, s.Tags, s.Package) })
}

// world builds the program of the world and returns its file.
func (b *Builder) world(ctx context.Context, g *toolchain, p Plan) (string, error) {
	m, store, err := b.worldModule(ctx, g, p)
	if err != nil {
		return "", err
	}
	var tags []string
	if store != "" {
		found, err := findMain(ctx, g, m.dir, store)
		if err != nil {
			return "", err
		}
		if err := found.copyTo(m.dir); err != nil {
			return "", err
		}
		tags = p.Store.Tags
	}
	file := filepath.Join(m.dir, World)
	return file, b.slowly("build the program of the world", func() error {
		return g.build(ctx, m.dir, file, tags, "-mod=mod", ".")
	})
}

var errNotBuilt = errors.New("the programs of this run were not built")

// Find returns the directory of programs that were built. Programs that were not used for long may be gone.
func Find(r Record) (string, error) {
	if r.Digest == "" {
		return "", errNotBuilt
	}
	cache, err := cacheDir()
	if err != nil {
		return "", err
	}
	dir := programsDir(cache, r.Digest)
	if _, err := os.Stat(dir); err != nil {
		return "", fmt.Errorf("%w here, or removed since: %s", errNotBuilt, r.Digest)
	}
	return dir, nil
}
