"""What people may mean: one meaning per file, all of them listed in one table."""
