"""How fast the engine completes user tasks here: a case of its own, the bare transaction beside it, figures."""
