"""The request log explained: what each request is for, what is in it, and the tour."""
