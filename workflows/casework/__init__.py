"""What this office does: case files, the commands that change them and the questions that read them."""
