"""Health and figures over HTTP, on PORT. Only what is set to listen loads any of it."""
