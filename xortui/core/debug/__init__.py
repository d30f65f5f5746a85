"""Somebody's own backpropagation script: run it, find the network in it, and judge its gradients."""
