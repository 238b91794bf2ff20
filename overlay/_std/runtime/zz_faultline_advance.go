package runtime

// faultlineAdvance is called with the bubble's lock by a thread that has found everybody in the bubble waiting, and is about to wake
// its root. The root would let time go on to the next timer and wait again. This thread does so in its place, which saves
// two switches between goroutines each time and changes no order. It returns the goroutine that is still to be woken.
func (bubble *synctestBubble) faultlineAdvance(wake *g) *g {
	gp := getg()
	if !faultlineSeeded || faultlineIdle != nil || wake != bubble.root || gp != gp.m.g0 || gp.m.curg != nil {
		return wake
	}
	for {
		next := bubble.timers.wakeTime()
		if next == 0 || bubble.done {
			return wake // to end
		}
		bubble.now = next
		unlock(&bubble.mu)
		bubble.timers.check(next, bubble)
		lock(&bubble.mu)
		if bubble.running > 0 || bubble.active > 1 {
			bubble.active--
			return nil
		}
	}
}
