"""An app with one kind of job, for the kill tests."""
