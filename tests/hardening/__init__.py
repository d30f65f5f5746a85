"""Attacks on the whole program: python -m tests.hardening [--quick]."""
