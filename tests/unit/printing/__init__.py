"""Templates and paper."""
