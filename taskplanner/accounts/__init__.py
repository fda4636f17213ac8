"""Who works here: people, their teams and roles, how they sign in, and the tokens of programs."""
