"""What the lint looks at, one module a topic."""
