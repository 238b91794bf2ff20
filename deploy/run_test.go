package deploy

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	corev1 "k8s.io/api/core/v1"
)

// pod runs the first container of a manifest on this machine, as Kubernetes would: its command with its environment and nothing else.
// The volume /results is a directory, and what the replacements say is something else.
func pod(t *testing.T, m manifest, results string, replace ...string) *exec.Cmd {
	t.Helper()
	c := m.pod.Spec.Containers[0]
	env := map[string]string{"PATH": programs(t) + ":/bin:/usr/bin", "HOME": "/", "JOB_COMPLETION_INDEX": "0"}
	replacer := strings.NewReplacer(append(replace, "/results", results)...)
	for _, e := range c.Env {
		env[e.Name] = replacer.Replace(value(t, m, c, e))
	}
	line := append(c.Command, c.Args...)
	if len(c.Command) == 0 {
		line = append([]string{filepath.Join(programs(t), "faultline")}, line...) // the image's entry point
	}
	for i, word := range line {
		for name, v := range env {
			word = strings.ReplaceAll(word, "$("+name+")", v)
		}
		line[i] = replacer.Replace(word)
	}
	cmd := exec.Command(line[0], line[1:]...)
	cmd.Dir = t.TempDir()
	for name, v := range env {
		cmd.Env = append(cmd.Env, name+"="+v)
	}
	return cmd
}

// value is what Kubernetes sets a variable to.
func value(t *testing.T, m manifest, c corev1.Container, e corev1.EnvVar) string {
	t.Helper()
	switch {
	case e.ValueFrom == nil:
		return e.Value
	case e.ValueFrom.FieldRef != nil && e.ValueFrom.FieldRef.FieldPath == "metadata.name":
		return m.object.GetName() + "-0"
	case e.ValueFrom.ResourceFieldRef != nil && e.ValueFrom.ResourceFieldRef.Resource == "requests.cpu" && e.ValueFrom.ResourceFieldRef.ContainerName == c.Name:
		return strconv.FormatInt(c.Resources.Requests.Cpu().Value(), 10)
	}
	t.Fatalf("%s: %s has no value", m.file, e.Name)
	return ""
}

// ends runs a command, which must end with that exit code, and returns what it printed.
func ends(t *testing.T, cmd *exec.Cmd, code int) string {
	t.Helper()
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	if got := cmd.ProcessState.ExitCode(); got != code {
		t.Fatalf("exit code %d, want %d\n%s", got, code, &out)
	}
	return out.String()
}

// with sets a variable of a command's environment.
func with(cmd *exec.Cmd, name, value string) *exec.Cmd {
	cmd.Env = append(cmd.Env, name+"="+value)
	return cmd
}

// The parts of an indexed job are merged into one campaign. A pod that is started again goes on, and one whose campaign is done is done.
func TestIndexedJob(t *testing.T) {
	results := t.TempDir()
	parts, report := named(t, "Job", "faultline-parts"), named(t, "Job", "faultline-report")
	quick := []string{"--nemesis partition,crash,pause", "--nemesis none --time-limit 2s"}
	part := func(index string) *exec.Cmd {
		return with(with(pod(t, parts, results, quick...), "JOB_COMPLETION_INDEX", index), "SEEDS", "3")
	}
	for _, index := range []string{"0", "1"} {
		ends(t, part(index), 0)
	}
	record := filepath.Join(results, "nightly", "part-1", "campaign.jsonl")
	first, _, _ := strings.Cut(read(t, record), "\n")
	if err := os.WriteFile(record, []byte(first+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if out := ends(t, part("1"), 0); !strings.Contains(out, "VALID: 3 runs, 3 valid") {
		t.Errorf("a part that was killed: %s", out)
	}
	for range 2 {
		if out := ends(t, with(pod(t, report, results), "PARTS", "2"), 0); !strings.Contains(out, "VALID: 6 runs, 6 valid") {
			t.Errorf("the report: %s", out)
		}
	}
}

// A part with a violation is done: its verdict is told by the report, with the exit code that fails the job. A part that is not
// there is an error, and so are arguments that the program does not take.
func TestIndexedJobTellsViolations(t *testing.T) {
	results := t.TempDir()
	parts, report := named(t, "Job", "faultline-parts"), named(t, "Job", "faultline-report")
	broken := with(pod(t, parts, results, "--nemesis partition,crash,pause", "--read stale --affinity roam --nemesis none --time-limit 2s"), "SEEDS", "2")
	ends(t, broken, 0)
	if out := ends(t, with(pod(t, report, results), "PARTS", "2"), 254); !strings.Contains(out, "there is no campaign part-1") {
		t.Error(out)
	}
	if out := ends(t, with(pod(t, report, results), "PARTS", "1"), 1); !strings.Contains(out, "INVALID: 2 runs") {
		t.Error(out)
	}
	ends(t, pod(t, parts, t.TempDir(), "--nemesis partition", "--nemesis parttion"), 254)
}

// A campaign is run by workers that reach the server of the manifest.
func TestWorkersAndCampaign(t *testing.T) {
	url, results := start(t), t.TempDir()
	at := []string{"nats://faultline-nats:4222", url}
	worker := pod(t, named(t, "Deployment", "faultline-worker"), results, at...)
	worker.Stderr = os.Stderr
	if err := worker.Start(); err != nil {
		t.Fatal(err)
	}
	campaign := func() *exec.Cmd {
		return pod(t, named(t, "Job", "faultline-campaign"), results, append(at, "--nemesis partition,crash,pause", "--nemesis none --time-limit 2s", "10000", "6")...)
	}
	for range 2 { // a pod that is started again reports what is there
		if out := ends(t, campaign(), 0); !strings.Contains(out, "VALID: 6 runs, 6 valid") {
			t.Error(out)
		}
	}
	if err := worker.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := worker.Wait(); err != nil {
		t.Errorf("the worker: %v", err)
	}
}

// start starts a server with the configuration of the manifest, except for its directory and ports, and returns its URL.
func start(t *testing.T) string {
	t.Helper()
	m := named(t, "ConfigMap", "faultline-nats")
	text := m.object.(*corev1.ConfigMap).Data["nats.conf"]
	file := filepath.Join(t.TempDir(), "nats.conf")
	if err := os.WriteFile(file, []byte(strings.ReplaceAll(text, "/data", t.TempDir())), 0o644); err != nil {
		t.Fatal(err)
	}
	o, err := server.ProcessConfigFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if o.Port != 4222 || o.HTTPPort != 8222 || !o.JetStream {
		t.Errorf("the server listens at %d and %d, JetStream %v", o.Port, o.HTTPPort, o.JetStream)
	}
	o.Host, o.Port, o.HTTPPort, o.NoLog, o.NoSigs = "127.0.0.1", server.RANDOM_PORT, 0, true, true
	s, err := server.NewServer(o)
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
	if !s.ReadyForConnections(time.Minute) {
		t.Fatal("the server does not start")
	}
	return s.ClientURL()
}

// The volume is shown on a port of the pod's own, which kubectl forwards.
func TestResultsAreServed(t *testing.T) {
	cmd := pod(t, named(t, "Deployment", "faultline-results"), t.TempDir(), "127.0.0.1:7070", "127.0.0.1:0")
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	context.AfterFunc(ctx, func() { _ = cmd.Process.Kill() })
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = cmd.Stdout
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	b := make([]byte, 1<<10)
	n, _ := out.Read(b) // the first that it says is where it listens
	if !strings.Contains(string(b[:n]), "http://127.0.0.1:") {
		t.Errorf("%s", b[:n])
	}
	cancel()
	_ = cmd.Wait() // it was killed
}
