"""The outermost room: settings, composition root, command line, the application and its routes."""
