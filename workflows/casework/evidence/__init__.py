"""Evidence: files people of the office or a household hand in beside a case, checked by content, sealed with it."""
