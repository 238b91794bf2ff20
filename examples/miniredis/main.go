// Miniredis is a server of github.com/alicebob/miniredis as a program of its own: one node that speaks Redis's protocol, and keeps all it
// has in memory. See miniredis.toml.
package main

import (
	"log"
	"os"
	"time"

	"github.com/alicebob/miniredis/v2"
)

// tick is how often keys are looked at that may have expired.
const tick = 100 * time.Millisecond

func main() {
	server := miniredis.NewMiniRedis()
	if err := server.StartAddr(os.Args[1]); err != nil {
		log.Fatal(err)
	}
	for range time.Tick(tick) {
		server.FastForward(tick) // its keys expire by this clock
	}
}
