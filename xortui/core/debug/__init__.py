"""Somebody's own backpropagation: run the script, find the network, judge its gradients."""
