package jetstream

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"faultline/campaign/remote/queue"
)

// secured is how a connection shows who we are, and checks who the server is.
func secured(at queue.Server) ([]nats.Option, error) {
	var all []nats.Option
	for _, file := range []string{at.Creds, at.NKey, at.CA, at.Cert, at.Key} {
		if file == "" {
			continue
		}
		if _, err := os.ReadFile(file); err != nil {
			return nil, fmt.Errorf("read what the connection needs: %w", err)
		}
	}
	if at.Creds != "" {
		all = append(all, nats.UserCredentials(at.Creds))
	}
	if at.NKey != "" {
		option, err := nats.NkeyOptionFromSeed(at.NKey)
		if err != nil {
			return nil, fmt.Errorf("%s is not the seed of an nkey, a line that begins with SU: %w", at.NKey, err)
		}
		all = append(all, option)
	}
	if at.CA != "" {
		pem, _ := os.ReadFile(at.CA) // it was read before
		if !x509.NewCertPool().AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("%s has no certificate in it, in PEM", at.CA)
		}
		all = append(all, nats.RootCAs(at.CA))
	}
	if at.Cert != "" {
		if _, err := tls.LoadX509KeyPair(at.Cert, at.Key); err != nil {
			return nil, fmt.Errorf("%s and %s are no certificate with its key: %w", at.Cert, at.Key, err)
		}
		all = append(all, nats.ClientCert(at.Cert, at.Key))
	}
	return all, nil
}

// explained is an error of a connection, with what would help.
func explained(url string, err error) error {
	url = queue.Redacted(url)
	var certificate *tls.CertificateVerificationError
	var refused *net.OpError
	switch {
	case errors.Is(err, nats.ErrAuthorization), errors.Is(err, nats.ErrAuthExpired), strings.Contains(err.Error(), "Authorization"):
		return fmt.Errorf("the NATS server at %s does not accept who we are (%w): give --nats-creds or --nats-nkey, or user and password in the URL, nats://USER:PASSWORD@HOST", url, err)
	case errors.As(err, &certificate), errors.Is(err, nats.ErrSecureConnRequired), errors.Is(err, nats.ErrSecureConnWanted), strings.Contains(err.Error(), "tls:"):
		return fmt.Errorf("no secure connection to the NATS server at %s (%w): --nats-tls-ca names the certificates that its own is checked by, --nats-tls-cert and --nats-tls-key are ours", url, err)
	case errors.Is(err, nats.ErrNoServers), errors.As(err, &refused), errors.Is(err, nats.ErrTimeout):
		return fmt.Errorf("there is no NATS server at %s (%w): start one by 'nats-server -js', or say --nats embedded for one inside", url, err)
	default:
		return fmt.Errorf("connect to the NATS server at %s: %w", url, err)
	}
}

// explainedJetStream is an error of JetStream, with what would help.
func explainedJetStream(err error) error {
	switch {
	case errors.Is(err, jetstream.ErrJetStreamNotEnabled), errors.Is(err, jetstream.ErrJetStreamNotEnabledForAccount):
		return fmt.Errorf("%w: start the server with JetStream, by 'nats-server -js', and allow it for the account", err)
	case errors.Is(err, nats.ErrNoResponders):
		return fmt.Errorf("nobody answers requests of JetStream (%w): start the server by 'nats-server -js'", err)
	default:
		return err
	}
}
