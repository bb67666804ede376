"""What the answers of resolvers mean for an order."""
