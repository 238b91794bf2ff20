// Package serve shows a directory of results in a browser: all campaigns, runs and comparisons in it.
//
// It guarantees that no request reads anything outside the directory, whatever its path says or a symbolic link points to; that nothing
// from a history, a log or a spec is markup or script in a page of its own; and that a page that lies in the directory, which may have come
// from anywhere, runs in a sandbox: it reads nothing from here. Directories that are damaged are listed as that.
//
// It only reads. Campaigns may run into the directory meanwhile: their pages follow.
package serve
