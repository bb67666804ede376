"""Servers of others, played by the tests from the documents of their makers: they show what is promised, not what happens."""
