"""What the page hands over, at the programs that take over. `make test` has one of them, `make test-handover` all."""
