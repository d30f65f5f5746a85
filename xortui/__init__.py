"""xortui: a debugger for backpropagation, in any terminal."""

__version__ = "0.1.0"
