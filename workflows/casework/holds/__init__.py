"""Tasks put off until something happens in their case, or until a day, whichever comes first."""
