"""The OpenAI-compatible API: grounded answers for whatever speaks chat completions."""
