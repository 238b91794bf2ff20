package serve

import (
	"bytes"
	"io"
	"io/fs"
	"net/http"
	"strconv"
	"sync"

	"faultline/results/viewer"
)

// scenesKept bounds the bytes of containers that are kept for whoever asks again.
const scenesKept = 256 << 20

func readScene(files fs.FS) (io.WriterTo, error)    { return viewer.ReadScene(files) }
func readAnalysis(files fs.FS) (io.WriterTo, error) { return viewer.Analyze(files) }

// container hands out what the viewer loads of a run.
func (s *Server) container(kind string, read func(fs.FS) (io.WriterTo, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		p, ok := requested(r)
		if !ok || s.catalog.kind(p) != isRun {
			http.NotFound(w, r)
			return
		}
		b, err := s.scenes.get(kind+" "+p, versionOf(s.files, p), func() ([]byte, error) {
			sub, err := fs.Sub(s.files, p)
			if err != nil {
				return nil, err
			}
			c, err := read(sub)
			if err != nil {
				return nil, err
			}
			var b bytes.Buffer
			_, err = c.WriteTo(&b)
			return b.Bytes(), err
		})
		if err != nil {
			http.Error(w, "The run is damaged: "+err.Error(), http.StatusUnprocessableEntity)
			return
		}
		w.Header().Set("Content-Type", "application/octet-stream")
		w.Header().Set("Content-Length", strconv.Itoa(len(b)))
		w.Header().Set("Cache-Control", "no-store")
		_, _ = w.Write(b) // whoever asked may have left
	}
}

// cache keeps what was made last, up to a number of bytes. One is made at a time: a large one takes all the memory that
// there should be.
type cache struct {
	mu    sync.Mutex
	most  int
	size  int
	items []cached // the one used last is at the end
}

type cached struct {
	key, version string
	bytes        []byte
}

func newCache(most int) *cache { return &cache{most: most} }

// get returns what is kept under a key in this version, or makes it.
func (c *cache) get(key, version string, build func() ([]byte, error)) ([]byte, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i, item := range c.items {
		if item.key != key {
			continue
		}
		c.items = append(c.items[:i:i], c.items[i+1:]...)
		if item.version == version {
			c.items = append(c.items, item)
			return item.bytes, nil
		}
		c.size -= len(item.bytes)
		break
	}
	b, err := build()
	if err != nil {
		return nil, err
	}
	c.items = append(c.items, cached{key, version, b})
	for c.size += len(b); c.size > c.most && len(c.items) > 1; c.items = c.items[1:] {
		c.size -= len(c.items[0].bytes)
	}
	return b, nil
}
