"""Presenters: what the page shows, as plain values, and what each click does. No DOM."""
