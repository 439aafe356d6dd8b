"""Where analysts draw: drafts of diagrams, decisions and forms, checked and compared before they are deployed."""
