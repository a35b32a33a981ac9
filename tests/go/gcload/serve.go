package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"io"
	"math/big"
	"net/http"
	"time"
)

// listen serves /debug/pprof and /turn, which answers a POST with its body turned round, and
// refuses everything else and whoever does not name a key.
func listen(address string, secure bool) error {
	http.HandleFunc("/turn", func(w http.ResponseWriter, req *http.Request) {
		body, err := io.ReadAll(req.Body)
		switch {
		case req.Method != "POST" || err != nil || len(body) == 0:
			http.Error(w, "wants a POST with a body", http.StatusMethodNotAllowed)
		case req.Header.Get("X-Key") != "abc":
			http.Error(w, "wants a key", http.StatusForbidden)
		default:
			for i, j := 0, len(body)-1; i < j; i, j = i+1, j-1 {
				body[i], body[j] = body[j], body[i]
			}
			w.Write(body)
		}
	})
	if !secure {
		return http.ListenAndServe(address, nil)
	}
	certificate, err := ownCertificate()
	if err != nil {
		return err
	}
	server := &http.Server{Addr: address, TLSConfig: &tls.Config{Certificates: []tls.Certificate{certificate}}}
	return server.ListenAndServeTLS("", "")
}

func ownCertificate() (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	about := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, about, about, &key.PublicKey, key)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, err
}
