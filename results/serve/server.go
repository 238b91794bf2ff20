package serve

import (
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"os"
	"path"
	"strings"

	"faultline/results/cycle"
	"faultline/results/viewer"
)

//go:embed templates assets
var embedded embed.FS

// Server serves a directory. Close it when it is no longer used.
type Server struct {
	root     *os.Root
	files    fs.FS
	catalog  *catalog
	audit    *audit
	scenes   *cache
	analyses *cache // of its own, for they take longer, and a scene must not wait for one
	pages    *template.Template
}

// New opens a directory.
func New(dir string) (*Server, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("serve %s: %w", dir, err)
	}
	pages, err := template.New("").Funcs(helpers).ParseFS(embedded, "templates/*.html")
	if err != nil {
		_ = root.Close() // nothing was read
		return nil, err
	}
	s := &Server{root: root, files: root.FS(), pages: pages, scenes: newCache(scenesKept), analyses: newCache(scenesKept / 8)}
	s.audit = newAudit(s.files)
	s.catalog = &catalog{files: s.files, audit: s.audit, campaigns: map[string]*campaignEntry{}}
	return s, nil
}

// Close lets go of the directory.
func (s *Server) Close() error {
	s.audit.stop()
	return s.root.Close()
}

// Handler answers requests.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.index)
	mux.HandleFunc("GET /campaign/{path...}", s.campaign)
	mux.HandleFunc("GET /live/{path...}", s.live)
	mux.HandleFunc("GET /run/{path...}", s.run)
	mux.HandleFunc("GET /scene/{path...}", container(s, s.scenes, readScene))
	mux.HandleFunc("GET /analysis/{path...}", container(s, s.analyses, readAnalysis))
	mux.HandleFunc("GET /file/{path...}", s.file)
	mux.Handle("GET /viewer/", http.StripPrefix("/viewer/", assets(viewer.Assets())))
	mux.Handle("GET /viewer/cycle.css", http.StripPrefix("/viewer/", assets(cycle.Assets)))
	own, err := fs.Sub(embedded, "assets")
	if err != nil {
		panic(err) // it is embedded
	}
	mux.Handle("GET /assets/", http.StripPrefix("/assets/", assets(own)))
	return guarded(mux)
}

// assets hands out what is embedded, which changes with the program: browsers ask each time.
func assets(fsys fs.FS) http.Handler {
	files := http.FileServerFS(fsys)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "" || strings.HasSuffix(r.URL.Path, "/") {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Cache-Control", "no-cache")
		files.ServeHTTP(w, r)
	})
}

// policy lets our pages load what is ours and nothing else, and no script or style stand in them.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// guarded refuses paths that lead elsewhere before anyone cleans them, and sets what holds for every answer.
func guarded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		if strayed(r.URL.Path) {
			http.NotFound(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// strayed tells whether a path has elements that lead elsewhere, or no meaning.
func strayed(p string) bool {
	if strings.ContainsAny(p, "\\\x00") {
		return true
	}
	return path.Clean(p) != p && path.Clean(p)+"/" != p
}

// requested is the path in the directory that a request is about; ok is false if it is none.
func requested(r *http.Request) (p string, ok bool) {
	p = strings.TrimSuffix(r.PathValue("path"), "/")
	if p == "" {
		p = "."
	}
	return p, fs.ValidPath(p)
}

// page writes one of our pages.
func (s *Server) page(w http.ResponseWriter, name string, data any) {
	var b strings.Builder
	if err := s.pages.ExecuteTemplate(&b, name, data); err != nil {
		http.Error(w, "the page cannot be made: "+err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write([]byte(b.String())) // whoever asked may have left
}
