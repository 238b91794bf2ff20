package guest

import (
	"fmt"
	"time"
)

// unable is what a guest wanted to do and cannot do in a world, and when.
type unable struct {
	what string
	at   time.Time
}

// isUnable notes what the guest cannot do. It is told so, and may have another way.
func (g *Process) isUnable(what string) {
	for _, u := range g.unable {
		if u.what == what {
			return
		}
	}
	fmt.Fprintf(g.machine.Log(), "[ERROR] process: cannot %s in a closed world\n", what)
	g.mu.Lock()
	defer g.mu.Unlock()
	g.unable = append(g.unable, unable{what, time.Now()})
}

// soon is how shortly after something that a process cannot do it ends, if it ends because of that.
const soon = time.Second

// blame says what the guest may have ended of: what it could not do shortly before.
func (g *Process) blame() string {
	if k := len(g.unable) - 1; k >= 0 && time.Since(g.unable[k].at) < soon {
		return fmt.Sprintf("; it cannot %s in a closed world", g.unable[k].what)
	}
	return ""
}

// Unable is what the program wanted to do first of all that it cannot do in a world, as in "make a pipe"; empty if there was
// nothing. A program that neither ends nor fails to serve has another way.
func (g *Process) Unable() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.unable) == 0 {
		return ""
	}
	return g.unable[0].what
}
