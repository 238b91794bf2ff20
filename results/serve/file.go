package serve

import (
	"io"
	"io/fs"
	"net/http"
	"path"
)

// fileTypes are what files of the directory are served as. A browser runs none of them but pages, and those in a sandbox; what is not
// listed is shown as text.
var fileTypes = map[string]string{
	".html": "text/html; charset=utf-8",
	".svg":  "image/svg+xml",
	".png":  "image/png",
	".gz":   "application/gzip",
	".zst":  "application/zstd",
}

// sandbox lets a page show itself and nothing more: its origin is nobody's, and it loads nothing but pictures.
const sandbox = "sandbox allow-scripts allow-popups allow-top-navigation-by-user-activation; default-src 'none'; " +
	"script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; form-action 'none'"

// file hands out a file of the directory.
func (s *Server) file(w http.ResponseWriter, r *http.Request) {
	p, ok := requested(r)
	if !ok {
		http.NotFound(w, r)
		return
	}
	f, err := s.files.Open(p)
	if err != nil {
		http.NotFound(w, r) // not there, or not within the directory
		return
	}
	defer f.Close()
	info, err := f.Stat()
	content, seekable := f.(io.ReadSeeker)
	if err != nil || !info.Mode().IsRegular() || !seekable {
		http.NotFound(w, r)
		return
	}
	kind := fileTypes[path.Ext(p)]
	if kind == "" {
		kind = "text/plain; charset=utf-8"
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Security-Policy", sandbox)
	w.Header().Set("Cache-Control", "no-cache")
	http.ServeContent(w, r, "", info.ModTime(), content)
}

// exists tells whether there is a file of the directory.
func exists(files fs.FS, p string) bool {
	info, err := fs.Stat(files, p)
	return err == nil && info.Mode().IsRegular()
}
