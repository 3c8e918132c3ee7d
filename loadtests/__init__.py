"""Load tests and benchmarks. Everything here talks to 127.0.0.1 and stops by itself."""
