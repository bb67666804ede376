"""DNS services whose API lets a page in: writing the records of proofs there, with a token that a person gave."""
