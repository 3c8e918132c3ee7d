"""`make bench`: how fast the whole is on this machine, each figure beside a floor of the same run."""
