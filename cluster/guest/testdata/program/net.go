package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"time"
)

func init() {
	programs["echo"] = echo
	programs["say"] = sayTo
	programs["give-up"] = giveUp
	programs["half-close"] = halfClose
	programs["deadlines"] = deadlines
	programs["bulk"] = bulk
	programs["udp-echo"] = udpEcho
	programs["udp-say"] = udpSay
	programs["unix"] = unixSockets
	programs["names"] = names
	programs["tls"] = overTLS
	programs["http"] = serveHTTP
	programs["get"] = get
}

// echo sends back what it gets, and says when a client ends.
func echo(args []string) {
	l, err := net.Listen("tcp", args[0])
	must(err)
	for {
		c, err := l.Accept()
		must(err)
		go func() {
			n, err := io.Copy(c, c)
			fmt.Println("a client has sent", n, "bytes:", errorOf(err))
			_ = c.Close()
		}()
	}
}

func errorOf(err error) string {
	var op *net.OpError
	switch {
	case err == nil:
		return "the end"
	case errors.As(err, &op):
		return op.Err.Error()
	default:
		return err.Error()
	}
}

// sayTo sends lines, one each 100 ms, and prints the answers.
func sayTo(args []string) {
	c, err := net.Dial("tcp", args[0])
	must(err)
	answers := bufio.NewReader(c)
	for _, line := range args[1:] {
		_, err = fmt.Fprintln(c, line)
		must(err)
		answer, err := answers.ReadString('\n')
		must(err)
		fmt.Print("it says ", answer)
		time.Sleep(100 * time.Millisecond)
	}
	must(c.Close())
}

// giveUp dials, and gives up before there can be an answer.
func giveUp(args []string) {
	ctx, cancel := context.WithCancel(context.Background())
	time.AfterFunc(time.Microsecond, cancel)
	_, err := new(net.Dialer).DialContext(ctx, "tcp", args[0])
	result("dial", err)
	time.Sleep(time.Minute)
}

// halfClose ends its own direction and reads on.
func halfClose(args []string) {
	c, err := net.Dial("tcp", args[0])
	must(err)
	_, err = c.Write([]byte("all of it"))
	must(err)
	must(c.(*net.TCPConn).CloseWrite())
	_, err = c.Write([]byte("more"))
	fmt.Println("to write after the end:", errorOf(err))
	rest, err := io.ReadAll(c)
	fmt.Printf("read %q: %s\n", rest, errorOf(err))
}

// deadlines reads from one who does not write.
func deadlines(args []string) {
	c, err := net.Dial("tcp", args[0])
	must(err)
	must(c.SetReadDeadline(time.Now().Add(250 * time.Millisecond)))
	_, err = c.Read(make([]byte, 1))
	say("%s; is it a timeout: %v", errorOf(err), errors.Is(err, os.ErrDeadlineExceeded))
	must(c.SetReadDeadline(time.Time{}))
	time.AfterFunc(100*time.Millisecond, func() { _ = c.SetReadDeadline(time.Now()) })
	_, err = c.Read(make([]byte, 1))
	say("%s", errorOf(err))
	time.AfterFunc(100*time.Millisecond, func() { _ = c.Close() })
	must(c.SetReadDeadline(time.Time{}))
	_, err = c.Read(make([]byte, 1))
	say("%s", errorOf(err))
	_, err = net.DialTimeout("tcp", "10.9.9.9:1", 500*time.Millisecond)
	result("dial nobody", err)
}

// bulk sends far more than any buffer holds, and reads it back.
func bulk(args []string) {
	c, err := net.Dial("tcp", args[0])
	must(err)
	sent := bytes.Repeat([]byte("0123456789abcdef"), 1<<19)
	go func() {
		_, err := c.Write(sent)
		must(err)
		must(c.(*net.TCPConn).CloseWrite())
	}()
	got, err := io.ReadAll(c)
	fmt.Println("read back", len(got), "bytes, the same:", bytes.Equal(got, sent), errorOf(err))
}

func udpEcho(args []string) {
	c, err := net.ListenPacket("udp", args[0])
	must(err)
	b := make([]byte, 1<<16)
	for {
		n, from, err := c.ReadFrom(b)
		must(err)
		fmt.Printf("%d bytes from %s\n", n, from.(*net.UDPAddr).IP)
		_, err = c.WriteTo(b[:n], from)
		must(err)
	}
}

func udpSay(args []string) {
	time.Sleep(10 * time.Millisecond) // until there is somebody who listens
	c, err := net.Dial("udp", args[0])
	must(err)
	b := make([]byte, 1<<16)
	for _, size := range []int{0, 5, 60000} {
		_, err = c.Write(bytes.Repeat([]byte{'x'}, size))
		must(err)
		n, err := c.Read(b)
		must(err)
		fmt.Println("got", n, "bytes back")
	}
	_, err = c.Write(make([]byte, 70000))
	fmt.Println("a datagram that is too long:", errorOf(err))
	must(c.SetReadDeadline(time.Now().Add(time.Second)))
	_, err = c.Read(b)
	fmt.Println("nobody writes:", errorOf(err))
}

func unixSockets([]string) {
	l, err := net.Listen("unix", "door")
	must(err)
	_, err = os.Stat("door")
	result("its name in the directory", err)
	_, err = net.Listen("unix", "door")
	result("a second listener", err)
	go func() {
		c, err := l.Accept()
		must(err)
		_, _ = io.Copy(c, c)
		_ = c.Close()
	}()
	c, err := net.Dial("unix", "door")
	must(err)
	_, err = c.Write([]byte("hello"))
	must(err)
	must(c.(*net.UnixConn).CloseWrite())
	b, err := io.ReadAll(c)
	fmt.Printf("%q: %s\n", b, errorOf(err))
	must(l.Close())
	_, err = os.Stat("door")
	result("its name when it is closed", err)
	_, err = net.Dial("unix", "door")
	fmt.Println("dial it when it is closed:", errorOf(err))
	must(os.WriteFile("door", nil, 0o600))
	_, err = net.Listen("unix", "door")
	result("listen where there is a file", err)
	_, err = os.Stat("door")
	result("that file", err)
}

func names([]string) {
	host, err := os.Hostname()
	must(err)
	fmt.Println("this is", host)
	for _, name := range []string{"n1", "n2", "n2.", "localhost", "example.com"} {
		addresses, err := net.LookupHost(name)
		fmt.Println(name, addresses, err)
	}
	all, err := net.InterfaceAddrs()
	must(err)
	fmt.Println(all)
	_, err = net.Listen("tcp", "10.0.0.9:80")
	result("listen on the address of another", err)
	_, err = net.Dial("tcp", "n2:81")
	result("dial where nobody listens", err)
}

// overTLS has a server and a client in one program, whose keys come of the generator of the world.
func overTLS([]string) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{"n1"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour)}
	raw, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	must(err)
	certificate, err := x509.ParseCertificate(raw)
	must(err)
	l, err := tls.Listen("tcp", ":443", &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{raw}, PrivateKey: key}}})
	must(err)
	go func() {
		c, err := l.Accept()
		must(err)
		_, _ = io.Copy(c, c)
		_ = c.Close()
	}()
	pool := x509.NewCertPool()
	pool.AddCert(certificate)
	c, err := tls.Dial("tcp", "n1:443", &tls.Config{RootCAs: pool})
	must(err)
	_, err = c.Write([]byte("a secret"))
	must(err)
	must(c.CloseWrite())
	b, err := io.ReadAll(c)
	fmt.Printf("%q: %s, certified for %s\n", b, errorOf(err), c.ConnectionState().PeerCertificates[0].DNSNames[0])
}

func serveHTTP(args []string) {
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { fmt.Fprintf(w, "you asked for %s", r.URL.Path) })
	must(http.ListenAndServe(args[0], nil))
}

func get(args []string) {
	client := http.Client{Timeout: time.Second}
	for range 3 {
		response, err := client.Get(args[0])
		if err != nil {
			fmt.Println(err)
		} else {
			b, _ := io.ReadAll(response.Body)
			fmt.Println(response.Status, string(b))
		}
		time.Sleep(time.Second)
	}
}
