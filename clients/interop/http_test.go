package interop

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	clienthttp "faultline/clients/http"
)

// store is a store behind HTTP as somebody would write it.
type store struct {
	mu   sync.Mutex
	keys map[string]string
}

func (s *store) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	body, _ := io.ReadAll(r.Body)
	key := strings.TrimPrefix(r.URL.Path, "/kv/")
	found, there := s.keys[key]
	switch r.Method {
	case http.MethodGet:
		if !there {
			http.NotFound(w, r)
			return
		}
		_, _ = io.WriteString(w, found)
	case http.MethodPut:
		s.keys[key] = string(body)
	case http.MethodDelete:
		delete(s.keys, key)
	case http.MethodPost: // {"old":…,"new":…}
		var cas struct{ Old, New json.RawMessage }
		if json.Unmarshal(body, &cas) != nil {
			http.Error(w, "no JSON", http.StatusBadRequest)
			return
		}
		if strings.TrimRight(found, " ") != string(cas.Old) {
			w.WriteHeader(http.StatusConflict)
			_ = json.NewEncoder(w).Encode(map[string]any{"node": map[string]any{"value": json.RawMessage(orNull(found))}})
			return
		}
		s.keys[key] = string(cas.New)
	}
}

func orNull(text string) string {
	if text == "" {
		return "null"
	}
	return text
}

func TestHTTP(t *testing.T) {
	s := httptest.NewServer(&store{keys: map[string]string{}})
	defer s.Close()
	play(t, "testdata/register", open(t, clienthttp.Open, s.Listener.Addr().String(), map[string]string{
		"read":     "GET /kv/{{.Key}}",
		"write":    "PUT /kv/{{.Key}} {{.Value}}{{.Padding}}",
		"cas":      `POST /kv/{{.Key}} {"old":{{.Old}},"new":{{.New}}}`,
		"delete":   "DELETE /kv/{{.Key}}",
		"mismatch": "409",
		"found":    "json:node.value",
	}))
}
