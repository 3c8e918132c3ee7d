"""Admission under far more than its model can bear, on two gateways, one of which is killed."""
