"""The joint conference: its members, meetings with issues and minutes, decided items, and the problem box of units."""
