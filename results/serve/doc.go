// Package serve shows a directory of results in a browser: all campaigns, runs and comparisons in it.
//
// No request reads anything outside the directory, whatever its path says or a symbolic link points to. Nothing from a history, a log
// or a spec is markup or script in a page that serve makes. Pages that lie in the directory may come from anywhere, so they run in a
// sandbox and can read nothing from here. Damaged directories are listed as damaged.
//
// It only reads. Campaigns may write to the directory meanwhile, and their pages are updated.
package serve
