"""What the gateway costs between a client and a model, beside its peers and without anything."""
