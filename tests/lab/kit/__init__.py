"""What the scenarios share: the world, the cluster, runs of scripts and checks."""
