// Package raftlog tests a list that hashicorp/raft replicates on its own TCP transport, with logs in bbolt, in a closed world. All of it
// is as it would be in production.
package raftlog
