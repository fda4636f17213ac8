"""The pages of accounts: coming in, oneself, teams."""
