// Package members tests hashicorp/memberlist, as it is, in a closed world: SWIM over UDP and TCP.
package members
