"""The shapes of requests and answers: what is refused at the door, and what is shown."""
