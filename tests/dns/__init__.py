"""What the page says of DNS, against real name servers and resolvers. All of it: `make test-dns`."""
