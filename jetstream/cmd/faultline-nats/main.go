// Faultline-nats has the work queue of faultline on NATS JetStream. The program faultline starts it, for --nats, and speaks to it by its
// standard input and output; it does nothing by itself.
package main

import "faultline/jetstream"

func main() { jetstream.Main() }
