"""What stands between the core and the network: the gate."""
