"""Whose DNS it is: providers and what their forms want, the records of an order in that form, and the same records as text."""
