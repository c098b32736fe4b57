"""What a user or an administrator can set."""
