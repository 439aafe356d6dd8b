"""Generated submissions, played in the real form viewer and put to the server, and what sets the two apart."""
