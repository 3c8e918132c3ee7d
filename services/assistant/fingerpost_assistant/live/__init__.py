"""What is live: turns on their way through Valkey, followed by readers and recorded in SQL."""
