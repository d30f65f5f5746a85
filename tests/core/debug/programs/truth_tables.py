"""Print the truth tables of the usual gates."""
import numpy as np

A = np.array([0, 0, 1, 1])
B = np.array([0, 1, 0, 1])

gates = {
    "AND": np.logical_and(A, B),
    "OR": np.logical_or(A, B),
    "XOR": np.logical_xor(A, B),
    "NAND": ~np.logical_and(A, B),
}
for name, out in gates.items():
    print(name)
    for a, b, o in zip(A, B, out):
        print(f"  {a} {b} -> {int(o)}")
