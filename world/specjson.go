package world

import (
	"encoding/json"
	"fmt"

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
	full, err := s.WithDefaults()
	if err != nil {
		return err
	}
	*s = full
	if len(in.Config) == 0 || string(in.Config) == "null" {
		return nil
	}
	if err := strictjson.Unmarshal(in.Config, s.Config); err != nil {
		return fmt.Errorf("config: %w", err)
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
