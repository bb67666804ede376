"""What the answers of resolvers mean for an order: its records, its CAA records, its addresses, its zones."""
