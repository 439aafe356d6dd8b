"""What households are granted, as a history: which sum in which month, and since when which status holds."""
