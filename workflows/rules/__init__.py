"""Rules of law and standard as pure functions: the working calendar, statutory clocks, identity numbers, money."""
