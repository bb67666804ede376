"""Keystay against step-ca and OpenBao. `make test-servers` runs them; `make test` does not, for they take long to fetch."""
