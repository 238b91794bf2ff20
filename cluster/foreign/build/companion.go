package build

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"faultline/overlay"
)

// Companion is the file of a program that comes with Faultline in a module of its own, as most people do not need what it is linked with:
// one that is next to this program or on the PATH, or else one that is built by the go command.
func Companion(ctx context.Context, module, program string, progress io.Writer) (string, error) {
	if file, ok := installedCompanion(program); ok {
		return file, nil
	}
	file, err := buildCompanion(ctx, module, program, progress)
	if err != nil {
		return "", fmt.Errorf("there is no program %[1]s next to this one nor on the PATH, and it cannot be built: %[2]w; install it from a clone of Faultline by 'cd %[3]s && go install ./cmd/%[1]s'", program, err, module)
	}
	return file, nil
}

// installedCompanion finds a program that was built before.
func installedCompanion(program string) (string, bool) {
	if self, err := os.Executable(); err == nil {
		file := filepath.Join(filepath.Dir(self), program)
		if info, err := os.Stat(file); err == nil && info.Mode().IsRegular() && info.Mode().Perm()&0o111 != 0 {
			return file, true
		}
	}
	file, err := exec.LookPath(program)
	return file, err == nil
}

// buildCompanion builds a program in a module that requires its own. The go command does what has changed since.
func buildCompanion(ctx context.Context, module, program string, progress io.Writer) (string, error) {
	b, err := New(progress)
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(b.cache, 0o755); err != nil {
		return "", err
	}
	unlock, err := lock(ctx, filepath.Join(b.cache, "lock"), b.progress)
	if err != nil {
		return "", err
	}
	defer unlock()
	installed, err := overlay.Installed(ctx, b.cache)
	if err != nil {
		return "", err
	}
	g := &toolchain{version: installed.Version}
	dir, err := b.workspace(g, "companion", program, b.source.dir, b.source.version)
	if err != nil {
		return "", err
	}
	path := "faultline/" + module
	mod := fmt.Sprintf("module faultline.example/companion\n\ngo %s\n", strings.TrimPrefix(g.version, "go")) +
		b.source.require("faultline", ".") + b.source.require(path, module)
	if wrote, _ := os.ReadFile(filepath.Join(dir, "asked.mod")); string(wrote) != mod { // the go command adds to go.mod
		if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte(mod), 0o644); err != nil {
			return "", err
		}
	}
	file := filepath.Join(dir, program)
	err = b.slowly("build "+program, func() error {
		_, err := g.run(ctx, dir, "build", "-trimpath", "-mod=mod", "-o", file, path+"/cmd/"+program)
		return err
	})
	if err != nil {
		return "", err
	}
	return file, os.WriteFile(filepath.Join(dir, "asked.mod"), []byte(mod), 0o644)
}
