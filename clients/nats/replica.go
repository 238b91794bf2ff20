package nats

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"

	"github.com/nats-io/nats.go/jetstream"
)

// A server that has no replica of a stream passes every direct get on, as one does that has a replica and is not up to date. What
// tells the two apart is the server's own list of its streams, which its monitoring port shows.

// lacks reports whether the client's own server has no replica of a stream that the cluster counts on it to have. It is false if
// that cannot be found out.
func (s *stream) lacks(ctx context.Context, name string) bool {
	if s.monitor == "" || !s.countsOn(ctx, name) {
		return false
	}
	has, err := s.holds(ctx, name)
	return err == nil && !has
}

// countsOn reports whether the leader of the stream names the client's own server among the replicas.
func (s *stream) countsOn(ctx context.Context, name string) bool {
	found, err := s.js.Stream(ctx, name)
	if err != nil || found.CachedInfo().Cluster == nil {
		return false
	}
	return slices.ContainsFunc(found.CachedInfo().Cluster.Replicas, func(p *jetstream.PeerInfo) bool { return p.Name == s.node })
}

// holds asks the client's own server whether it has a replica of a stream.
func (s *stream) holds(ctx context.Context, name string) (bool, error) {
	page := url.URL{Scheme: "http", Host: net.JoinHostPort(s.node, s.monitor), Path: "/jsz", RawQuery: "streams=true"}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, page.String(), nil)
	if err != nil {
		return false, err
	}
	once := http.Client{Transport: &http.Transport{DialContext: s.dialer.DialContext, DisableKeepAlives: true}}
	response, err := once.Do(request)
	if err != nil {
		return false, fmt.Errorf("ask %s for its streams: %w", s.node, err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return false, fmt.Errorf("read the streams of %s: %w", s.node, err)
	}
	return listed(text, name)
}

// listed reports whether a server's account of its JetStream has a stream. An account that does not name as many streams as the server
// says that it has is no answer.
func listed(text []byte, name string) (bool, error) {
	var account struct {
		Streams  *int `json:"streams"`
		Accounts []struct {
			Streams []struct {
				Name string `json:"name"`
			} `json:"stream_detail"`
		} `json:"account_details"`
	}
	if err := json.Unmarshal(text, &account); err != nil {
		return false, fmt.Errorf("the streams of a server: %w", err)
	}
	var names []string
	for _, a := range account.Accounts {
		for _, s := range a.Streams {
			names = append(names, s.Name)
		}
	}
	if account.Streams == nil || *account.Streams != len(names) {
		return false, fmt.Errorf("the streams of a server: it does not name all of them in %.100s", text)
	}
	return slices.Contains(names, name), nil
}
