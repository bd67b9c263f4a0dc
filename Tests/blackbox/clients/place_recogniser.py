"""A recogniser that says where in a recording an utterance lies: `place_recogniser.py RECORDING UTTERANCE`.

It prints a word for each fifth of a second of the recording that is mostly in the utterance: `w7` is 1.4 to 1.6 s.
"""

import pathlib
import sys

import numpy

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
from support.sound import RATE, lag, recording  # noqa: E402

BLOCK = RATE // 5


def main():
    said, heard = recording(sys.argv[1]), recording(sys.argv[2])
    # The recording repeats itself, and an utterance may lie across the seam.
    start = -lag(heard, numpy.tile(said, 3)) % len(said)
    first = (start + BLOCK // 2) // BLOCK
    last = (start + len(heard) + BLOCK // 2) // BLOCK
    blocks = -(-len(said) // BLOCK)
    print(" ".join(f"w{number % blocks}" for number in range(first, last)))


main()
