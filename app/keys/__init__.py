"""The keys that this browser holds: what each is for, and destroying them."""
