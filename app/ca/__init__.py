"""The list of CAs: facts, and how a page reaches each of them."""
