// Faultline runs a replicated store through crashes, partitions and pauses in virtual time, and says
// which consistency it kept, with a run that anyone can replay.
//
// Exit codes are Jepsen's: 0 valid, 1 invalid, 2 unknown, 254 bad arguments, 255 internal error.
package main

import "faultline"

func main() { faultline.Main() }
