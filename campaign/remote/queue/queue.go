// Package queue says what a campaign on several machines needs of a work queue, and speaks of it with a program that has one.
//
// The queue promises little, and whoever uses it needs no more: a task that was published is handed to somebody until it is finished or
// withdrawn, an answer is handed to the coordinator until it is settled, and either may happen more than once. A queue that loses
// something all the same, such as a server whose machine lost power, is asked what it has (Queued), and what it lacks is published again.
//
// Faultline itself is linked with no queue. A program next to it is (see Start), so the program that most people run stays small, and
// the worlds of a campaign on many machines are processes of the same program as those of a campaign on one.
package queue

import (
	"context"
	"strings"
	"time"
)

// Lease is how long a task belongs to a worker that says nothing. Workers say Beat several times in that time.
const Lease = 10 * time.Second

// Patience is how long a call that waits for something waits at most; then it returns nothing.
const Patience = time.Second

// Embedded, as the URL of a server, asks for one inside the program that has the queue. It may be followed by "://HOST:PORT", where it
// listens; without, that is a free port of this machine.
const Embedded = "embedded"

// Server says where the queue is and who we are there.
type Server struct {
	URL      string
	Creds    string // files, empty for none: credentials,
	NKey     string // the seed of an nkey,
	CA       string // the certificates that the server's is checked by, and our own
	Cert     string
	Key      string
	Replicas int           // of what the server keeps, when it is made; 0 for one
	Lease    time.Duration // 0 for Lease
	Dir      string        // where an embedded server keeps it
}

// Redacted are URLs of servers as they may be printed: without user and password, or a token.
func Redacted(urls string) string {
	all := strings.Split(urls, ",")
	for i, url := range all {
		scheme, rest, ok := strings.Cut(url, "://")
		if ok {
			scheme += "://"
		} else {
			scheme, rest = "", url
		}
		if at := strings.LastIndexByte(rest, '@'); at >= 0 {
			all[i] = scheme + "…" + rest[at:]
		}
	}
	return strings.Join(all, ",")
}

// Party takes part in campaigns: a worker, or a coordinator with its campaign.
type Party struct {
	ID       string // not empty and different for each
	Name     string // of the worker or of the campaign, for people
	Campaign string // whose coordinator it is; empty for workers
	Build    string // of its program
	Go       string // the version
	Machine  string // such as linux/amd64
	Slots    int    // how many tasks a worker does at once
	Lanes    []string
}

// Task is trials that are to be run, or a token of them: whoever has fetched it hands it back as it is.
type Task struct {
	Lane     string // who may do it
	Campaign string
	Key      string // names the task within the campaign
	Attempt  int    // how often it was published before, as the queue had lost it or a worker has handed it back
	Body     []byte
	// The rest is set by Fetch.

	Lost  int    // how often it was handed out since it was published and neither finished nor handed back
	Token string // of the queue
}

// Answer is what came of a task, or a token of that.
type Answer struct {
	Campaign string
	Key      string
	Digest   string // of what came of it: the same answer to the same task is kept once
	Body     []byte
	Token    string // of the queue; set by Answers
}

// Queue is a work queue. It may be used by several goroutines at once. Its errors pass, and the call may be repeated, unless they are
// ErrClosed.
type Queue interface {
	// Meet makes a party known to all of the other kind, now and until the queue is closed, and returns those who are there.
	Meet(context.Context, Party) ([]Party, error)
	// Newcomers waits for parties of the other kind that made themselves known since.
	Newcomers(context.Context) ([]Party, error)

	// Publish adds a task, unless it is there already. The order in which tasks are handed out is that in which they are added.
	Publish(context.Context, Task) error
	// Left returns the tasks of a campaign that the queue has, without taking them.
	Left(ctx context.Context, lane, campaign string) ([]Task, error)
	// Queued returns the keys of the tasks of a campaign that the queue has, or has an answer to that is not settled.
	Queued(ctx context.Context, lane, campaign string) ([]string, error)
	// Withdraw removes tasks of a campaign: that of a key, or all if it is empty. Workers that are at it are not told.
	Withdraw(ctx context.Context, lane, campaign, key string) error
	// Answers waits for answers to a campaign. The first call returns again what was not settled.
	Answers(ctx context.Context, campaign string) ([]Answer, error)
	// Settle forgets answers: what they say is stored elsewhere.
	Settle(context.Context, ...Answer) error
	// Forget forgets all answers to a campaign.
	Forget(ctx context.Context, campaign string) error

	// Fetch waits for tasks of some lanes, and takes at most so many. They come back to others if nothing is said of them for a Lease.
	Fetch(ctx context.Context, lanes []string, most int) ([]Task, error)
	// Beat says that a task is still worked at.
	Beat(context.Context, Task) error
	// Answer stores what came of a task.
	Answer(context.Context, Answer) error
	// Finish removes a task whose answer is stored.
	Finish(context.Context, Task) error
	// Return has another worker do a task: it is published again, as another attempt.
	Return(context.Context, Task) error

	// Put stores something large by its name, unless it is there, and Get returns it.
	Put(ctx context.Context, name string, data []byte) error
	Get(ctx context.Context, name string) ([]byte, error)

	// Where is the address by which others reach the server.
	Where() string
	Close() error
}
