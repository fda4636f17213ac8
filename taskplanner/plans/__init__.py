"""Projects, plans and their parts: the editor."""
