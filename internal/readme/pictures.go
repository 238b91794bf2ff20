//go:build browser

package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/chromedp/chromedp"
)

func init() { pictures = takePictures }

// shot is a picture: of a page, once an expression of JavaScript has become true and another one was evaluated there.
type shot struct {
	file          string
	width, height int64
	page          string
	ready, do     string
}

// takePictures records the messages of the run, as one of the pictures shows them, and takes all pictures.
func takePictures(ctx context.Context, p *program, run, comparison, into string) error {
	if _, err := p.run(ctx, "faultline replay --trace "+run); err != nil {
		return err
	}
	page, stop, err := p.serve(ctx, run)
	if err != nil {
		return err
	}
	defer stop()
	address, err := url.Parse(page)
	if err != nil {
		return err
	}
	kept := "file://" + filepath.ToSlash(p.work) + "/results/"
	const viewer = `document.documentElement.dataset.ready === "all"`
	browser, closeBrowser, err := openBrowser(ctx)
	if err != nil {
		return err
	}
	defer closeBrowser()
	for _, s := range []shot{
		{"run.png", 1180, 1230, kept + strings.TrimPrefix(address.Path, "/run/") + "index.html", "true", "true"},
		{"violation.png", 1280, 800, page, viewer, "faultline.setStep(0, 9)"},
		{"nodes.png", 1280, 800, page, viewer, `(() => {
			const led = faultline.scene.nodes.segments.flat().filter(s => s.role === "leader" && s.begin > 4e9).map(s => s.begin)[0];
			faultline.showViolation(-1); faultline.state.messages = true; faultline.setWindow(led - 30e6, led + 30e6); })()`},
		{"compare.png", 1280, 900, kept + "runs/" + comparison + "/compare.html", "true", "true"},
	} {
		picture, err := s.take(browser)
		if err == nil {
			err = os.WriteFile(filepath.Join(into, s.file), picture, 0o644)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", s.file, err)
		}
	}
	return nil
}

// serve starts the program as a server and returns the address of the page of a run.
func (p *program) serve(ctx context.Context, run string) (page string, stop func(), err error) {
	cmd := p.command(ctx, "exec faultline serve "+run+" --addr 127.0.0.1:0")
	out, err := cmd.StdoutPipe()
	if err != nil {
		return "", nil, err
	}
	if err := cmd.Start(); err != nil {
		return "", nil, err
	}
	stop = func() {
		_ = cmd.Process.Signal(os.Interrupt) // it may have ended
		_ = cmd.Wait()
	}
	page, err = bufio.NewReader(out).ReadString('\n')
	if err != nil {
		stop()
		return "", nil, fmt.Errorf("serve %s: %w", run, err)
	}
	return strings.TrimSpace(page), stop, nil
}

// openBrowser starts the first browser that is found.
func openBrowser(ctx context.Context) (browser context.Context, stop func(), err error) {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"} {
		path, err := exec.LookPath(name)
		if err != nil {
			continue
		}
		options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox,
			chromedp.Flag("disable-gpu", true), chromedp.Flag("hide-scrollbars", true))
		allocated, cancelAllocator := chromedp.NewExecAllocator(ctx, options...)
		browser, cancel := chromedp.NewContext(allocated)
		return browser, func() { cancel(); cancelAllocator() }, chromedp.Do(browser)
	}
	return nil, nil, errors.New("there is no browser here: install chromium")
}

// take opens the page and takes the picture.
func (s shot) take(browser context.Context) ([]byte, error) {
	ctx, cancel := context.WithTimeout(browser, 2*time.Minute)
	defer cancel()
	const painted = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done())))"
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(s.width, s.height), chromedp.Navigate(s.page),
		chromedp.Poll[chromedp.Void](s.ready), chromedp.Evaluate[chromedp.Void](s.do),
		chromedp.Evaluate[chromedp.Void](painted, chromedp.EvalAwaitPromise)); err != nil {
		return nil, err
	}
	return chromedp.Run(ctx, chromedp.CaptureScreenshot())
}
