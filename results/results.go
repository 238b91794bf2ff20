// Package results keeps what runs leave behind and makes it readable: files, plots and pages.
//
// A root directory holds a directory for each campaign, which holds a directory for each run that is kept:
//
//	<root>/latest                     → the campaign that wrote last
//	<root>/<campaign>/campaign.json   what was to be run
//	<root>/<campaign>/campaign.jsonl  a line for each run; package campaign writes it
//	<root>/<campaign>/index.html      the summary
//	<root>/<campaign>/latest          → the run that was kept last
//	<root>/<campaign>/<time>-<seed>/  a run, see Run
//
// A run is stored whole or not at all, whatever kills the program or fills the disk: its directory is written
// under another name and renamed when everything is in it.
// Nothing from a history, a log or a spec is ever markup in a page or decides where a file is written. Pages
// need no network, and no script except in porcupine's pictures. Everything can be made again from the data files.
//
// No two processes may write campaign.json or index.html of one campaign at once. Runs may be written
// concurrently.
package results
