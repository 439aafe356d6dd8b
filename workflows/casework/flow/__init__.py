"""How cases flow through the drawn processes: one case looked through, and many of them as heat on a diagram."""
