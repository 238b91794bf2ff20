package world

import (
	"cmp"
	"encoding/json"
	"fmt"

	"faultline/cluster"
	"faultline/internal/strictjson"
)

// UnmarshalJSON reads a spec, with the defaults of its kind for what it does not say. People edit specs, so a field that
// neither a spec nor the config of its kind has is refused by its name.
func (s *Spec) UnmarshalJSON(b []byte) error {
	type plain Spec
	in := struct {
		*plain
		Config json.RawMessage `json:"config"`
		// Cluster is what specs had in place of system, nodes, mode and config when there was one kind of system.
		Cluster map[string]json.RawMessage `json:"cluster"`
	}{plain: (*plain)(s)}
	if err := strictjson.Unmarshal(b, &in); err != nil {
		return err
	}
	if in.Cluster != nil && s.System == "" {
		var err error
		if in.Config, err = s.readCluster(in.Cluster); err != nil {
			return fmt.Errorf("cluster: %w", err)
		}
	}
	s.Config = nil
	if err := s.readConfig(in.Config); err != nil {
		return err
	}
	full, err := s.WithDefaults()
	*s = full
	return err
}

// readConfig reads the config, if it is given, on top of the defaults of its kind. A system of a name that is not known must
// be one that its config describes.
func (s *Spec) readConfig(text json.RawMessage) error {
	given := len(text) > 0 && string(text) != "null"
	kind, unknown := cluster.KindByName(s.System)
	switch {
	case unknown == nil && !given:
		return nil
	case unknown == nil:
		s.Config = kind.Config()
	case cluster.NewDescribed() == nil || !given:
		return unknown
	default:
		s.Config = cluster.NewDescribed()
	}
	if err := strictjson.Unmarshal(text, s.Config); err != nil {
		return cmp.Or(unknown, fmt.Errorf("config: %w", err))
	}
	if described, err := s.Kind(); unknown != nil && (err != nil || described.Name != s.System) {
		return unknown
	}
	return nil
}

// readCluster takes nodes and mode from what specs had once, and returns the rest of it: the config.
func (s *Spec) readCluster(cluster map[string]json.RawMessage) (json.RawMessage, error) {
	for name, field := range map[string]any{"nodes": &s.Nodes, "read": &s.Mode} {
		if value, ok := cluster[name]; ok {
			if err := strictjson.Unmarshal(value, field); err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			delete(cluster, name)
		}
	}
	return json.Marshal(cluster)
}
