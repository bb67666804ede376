// Reads certificates and keys as programs in Go do, with Go's standard library alone.
//
//	go-certificates read FILE                    prints as JSON what the file holds
//	go-certificates serve CERTIFICATES KEY PORT  answers on 127.0.0.1 by TLS
package main

import (
	"bytes"
	"crypto"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"log"
	"os"
)

type contents struct {
	Certificates [][]byte `json:"certificates"` // DER
	Key          []byte   `json:"key"`          // SubjectPublicKeyInfo
}

func main() {
	log.SetFlags(0)
	switch {
	case len(os.Args) == 3 && os.Args[1] == "read":
		read(os.Args[2])
	case len(os.Args) == 5 && os.Args[1] == "serve":
		serve(os.Args[2], os.Args[3], os.Args[4])
	default:
		log.Fatal("usage: go-certificates read FILE | serve CERTIFICATES KEY PORT")
	}
}

func read(name string) {
	data, err := os.ReadFile(name)
	check(err)
	var found contents
	if bytes.HasPrefix(data, []byte("-----")) {
		found = readPEM(data)
	} else {
		found.add(data)
	}
	if found.Key != nil && len(found.Certificates) > 0 {
		_, err := tls.X509KeyPair(data, data) // the key must belong to the first certificate
		check(err)
	}
	check(json.NewEncoder(os.Stdout).Encode(found))
}

func readPEM(rest []byte) contents {
	var found contents
	for len(rest) > 0 {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			log.Fatal("not PEM")
		}
		switch block.Type {
		case "CERTIFICATE":
			found.add(block.Bytes)
		default:
			public, err := x509.MarshalPKIXPublicKey(readKey(block).Public())
			check(err)
			found.Key = public
		}
	}
	return found
}

func (found *contents) add(der []byte) {
	certificate, err := x509.ParseCertificate(der)
	check(err)
	found.Certificates = append(found.Certificates, certificate.Raw)
}

func readKey(block *pem.Block) crypto.Signer {
	var key any
	var err error
	switch block.Type {
	case "PRIVATE KEY":
		key, err = x509.ParsePKCS8PrivateKey(block.Bytes)
	case "RSA PRIVATE KEY":
		key, err = x509.ParsePKCS1PrivateKey(block.Bytes)
	case "EC PRIVATE KEY":
		key, err = x509.ParseECPrivateKey(block.Bytes)
	default:
		err = fmt.Errorf("a block %q", block.Type)
	}
	check(err)
	return key.(crypto.Signer)
}

func serve(certificates, key, port string) {
	pair, err := tls.LoadX509KeyPair(certificates, key)
	check(err)
	listener, err := tls.Listen("tcp", "127.0.0.1:"+port, &tls.Config{Certificates: []tls.Certificate{pair}})
	check(err)
	for {
		connection, err := listener.Accept()
		check(err)
		go func() {
			defer connection.Close()
			connection.(*tls.Conn).Handshake() // a client that only looks whether somebody listens does not do it
		}()
	}
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
