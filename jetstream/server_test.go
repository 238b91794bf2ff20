package jetstream

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"testing"

	"faultline/campaign/remote/queue"
)

// serverVariable has the test program be a NATS server: its directory and its port.
const serverVariable = "FAULTLINE_TEST_SERVER"

// serve is a NATS server until it is killed.
func serve(what string) {
	dir, port, _ := strings.Cut(what, ",")
	e, err := embed(queue.Server{URL: queue.Embedded + "://127.0.0.1:" + port, Dir: dir})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(e.server.ClientURL())
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM)
	<-stop
	_ = e.stop()
	os.Exit(0)
}

// natsServer is a NATS server in a process of its own, which keeps its port when it is started again.
type natsServer struct {
	t    *testing.T
	dir  string
	port string
	url  string
	cmd  *exec.Cmd
}

func newServer(t *testing.T) *natsServer {
	s := &natsServer{t: t, dir: t.TempDir(), port: "-1"}
	s.start()
	s.port = s.url[strings.LastIndexByte(s.url, ':')+1:]
	t.Cleanup(func() { s.end(syscall.SIGKILL) })
	return s
}

func (s *natsServer) start() {
	s.t.Helper()
	s.cmd = exec.Command(os.Args[0])
	s.cmd.Env = append(os.Environ(), serverVariable+"="+s.dir+","+s.port)
	s.cmd.Stderr = os.Stderr
	out, err := s.cmd.StdoutPipe()
	if err == nil {
		err = s.cmd.Start()
	}
	if err != nil {
		s.t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		s.t.Fatalf("the server does not come up: %v", err)
	}
	s.url = strings.TrimSpace(line)
}

// end ends the server.
func (s *natsServer) end(by syscall.Signal) {
	_ = s.cmd.Process.Signal(by) // it may have ended
	_ = s.cmd.Wait()
}
