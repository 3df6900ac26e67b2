"""The morning page: what needs somebody, what is due, what lapses, how the accounts are."""
