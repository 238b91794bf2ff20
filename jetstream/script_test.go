package jetstream

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"debug/elf"
	"encoding/json"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	natsserver "github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nkeys"
	"github.com/rogpeppe/go-internal/testscript"

	"faultline/internal/scripts"
)

// The scripts are what the command line promises of --nats and of worker, and what a user could type.
func TestScripts(t *testing.T) {
	dir := programs(t)
	testscript.Run(t, testscript.Params{
		Setup: func(e *testscript.Env) error {
			e.Setenv("PATH", dir+string(os.PathListSeparator)+e.Getenv("PATH"))
			return nil
		},
		Dir:                 "testdata",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"exits": scripts.Exits, "server": startServer, "samelines": sameLines,
			"await": await, "another": another},
	})
}

// await waits until a file has a text: await FILE TEXT
func await(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: await file text")
	}
	for {
		b, _ := os.ReadFile(ts.MkAbs(args[0])) // it may be still to come
		if strings.Contains(string(b), args[1]) {
			return
		}
		time.Sleep(time.Millisecond) // the script has a deadline
	}
}

// another makes a program of another build, by what it says of itself, as a file: another FILE
func another(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: another file")
	}
	dir, _, _ := strings.Cut(ts.Getenv("PATH"), string(os.PathListSeparator))
	b, err := os.ReadFile(faultline(dir))
	ts.Check(err)
	program, err := elf.NewFile(bytes.NewReader(b))
	ts.Check(err)
	const header = 16 // of the note; the build ID follows
	first := &b[program.Section(".note.go.buildid").Offset+header]
	if *first == 'x' {
		*first = 'y'
	} else {
		*first = 'x'
	}
	ts.Check(os.MkdirAll(filepath.Dir(ts.MkAbs(args[0])), 0o755))
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), b, 0o755))
}

// sameLines compares two campaigns, except for what differs from run to run: samelines DIR DIR
func sameLines(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: samelines dir dir")
	}
	var all [2]map[any]map[string]any
	for i, dir := range args {
		all[i] = map[any]map[string]any{}
		for line := range strings.Lines(ts.ReadFile(filepath.Join(dir, "campaign.jsonl"))) {
			var l map[string]any
			ts.Check(json.Unmarshal([]byte(line), &l))
			l["dir"] = l["dir"] != ""
			delete(l, "wall_ns")
			all[i][l["seed"]] = l
		}
	}
	if len(all[0]) == 0 || !reflect.DeepEqual(all[0], all[1]) {
		ts.Fatalf("they differ: %v\n%v", all[0], all[1])
	}
}

// startServer starts a NATS server whose address is in $NATS from then on: server [HOW…]. It may want a password, an nkey, or TLS, or have no
// JetStream.
func startServer(ts *testscript.TestScript, neg bool, args []string) {
	o := &natsserver.Options{Host: "127.0.0.1", Port: natsserver.RANDOM_PORT, JetStream: true, StoreDir: ts.MkAbs("nats"), NoLog: true, NoSigs: true}
	scheme := "nats"
	for _, how := range args {
		switch how {
		case "password":
			o.Username, o.Password = "faultline", "secret"
		case "nkey":
			o.Nkeys = []*natsserver.NkeyUser{{Nkey: nkey(ts)}}
		case "tls":
			scheme, o.TLS, o.TLSConfig = "tls", true, certificate(ts)
		case "plain":
			o.JetStream = false
		default:
			ts.Fatalf("server %s", how)
		}
	}
	s, err := natsserver.NewServer(o)
	ts.Check(err)
	s.Start()
	if !s.ReadyForConnections(answered) {
		ts.Fatalf("the server does not come up")
	}
	ts.Defer(func() {
		s.Shutdown()
		s.WaitForShutdown()
	})
	ts.Setenv("NATS", scheme+"://"+s.Addr().String())
	ts.Setenv("ADDRESS", s.Addr().String())
}

// nkey makes an nkey, whose seed is in seed.nk.
func nkey(ts *testscript.TestScript) string {
	user, err := nkeys.CreateUser()
	ts.Check(err)
	seed, err := user.Seed()
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs("seed.nk"), seed, 0o600))
	public, err := user.PublicKey()
	ts.Check(err)
	return public
}

// certificate makes a certificate of this machine that signs itself, in ca.pem.
func certificate(ts *testscript.TestScript) *tls.Config {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	ts.Check(err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs("ca.pem"), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o644))
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}, MinVersion: tls.VersionTLS12}
}
