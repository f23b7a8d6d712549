"""
Sort words by what they are like: `python -m training.word_classes VECTORS`.

VECTORS is a file of word vectors as GloVe gives them (a word and its numbers a line, the most frequent
first; https://nlp.stanford.edu/projects/glove/, public domain). Writes training/word_classes.json.gz:
each of the frequent words with the number of its class among 128 coarse and 512 fine ones.
"""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path

import numpy as np
from sklearn.cluster import MiniBatchKMeans

from training.examples import HERE

FREQUENT = 30_000
CLASSES = (128, 512)


def main(vectors: Path) -> None:
    """Read, sort, write."""
    words, rows = [], []
    with vectors.open(encoding="utf-8") as lines:
        for line in lines:
            word, *numbers = line.split()
            if any(letter.isalpha() for letter in word):
                words.append(word)
                rows.append([float(one) for one in numbers])
            if len(words) == FREQUENT:
                break
    found = np.array(rows, dtype=np.float32)
    found /= np.linalg.norm(found, axis=1, keepdims=True)
    sorts = [
        MiniBatchKMeans(count, random_state=0, batch_size=4096, n_init=3, max_iter=60).fit(found).labels_
        for count in CLASSES
    ]
    tree = {word: [int(one[at]) for one in sorts] for at, word in enumerate(words)}
    text = json.dumps(tree, ensure_ascii=False, separators=(",", ":"))
    (HERE / "word_classes.json.gz").write_bytes(gzip.compress(text.encode(), mtime=0))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
