"""What answers of resolvers mean."""
