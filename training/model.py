"""The network: a BERT encoder with three extra input embeddings and four heads.

Written out in full (no model library), so that what is exported to ONNX is what stands here.

    labels   [batch, length, 7]    O, B/I-source, B/I-cue, B/I-content
    tails    [batch, length, 96]   a span's first wordpiece, projected; its cue maximises tails @ heads
    heads    [batch, length, 96]   a cue's first wordpiece, projected; position 0 ([CLS]) stands for "no cue"
    names    [batch, length, 9]    O, B/I-PERSON, B/I-ORG, B/I-GPE, B/I-MISC
    kinds    [batch, length, 3]    prediction, commitment, other: averaged over a content span's wordpieces
"""

from __future__ import annotations

import json
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

from kb.nlp.windows import LAYOUT, QUOTES, SHAPES

LABELS, NAMES, KINDS, POINTER = 7, 9, 3, 96
OUTPUTS = ("labels", "tails", "heads", "names", "kinds")


class Layer(nn.Module):
    """One transformer layer, normalised after each half as in BERT; no dropout inside attention (2.3 times faster)."""

    def __init__(self, hidden: int, inner: int, attention_heads: int, dropout: float) -> None:
        super().__init__()
        self.attention_heads, self.dropout = attention_heads, dropout
        self.query, self.key, self.value, self.out = (nn.Linear(hidden, hidden) for _ in range(4))
        self.up, self.down = nn.Linear(hidden, inner), nn.Linear(inner, hidden)
        self.norm_attention, self.norm_output = (nn.LayerNorm(hidden, eps=1e-12) for _ in range(2))

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        batch, length, hidden = x.shape
        split = (batch, length, self.attention_heads, hidden // self.attention_heads)
        q, k, v = (part(x).view(split).transpose(1, 2) for part in (self.query, self.key, self.value))
        attended = functional.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        x = self.norm_attention(x + self._drop(self.out(attended.transpose(1, 2).reshape(batch, length, hidden))))
        return self.norm_output(x + self._drop(self.down(functional.gelu(self.up(x)))))

    def _drop(self, x: Tensor) -> Tensor:
        return functional.dropout(x, self.dropout, self.training)


class Encoder(nn.Module):
    """Wordpieces and their features in, the outputs of all heads out."""

    def __init__(self, config: dict[str, int], dropout: float = 0.1) -> None:
        super().__init__()
        hidden = config["hidden_size"]
        self.words = nn.Embedding(config["vocab_size"], hidden)
        self.positions = nn.Embedding(config["max_position_embeddings"], hidden)
        self.features = nn.ModuleList(nn.Embedding(len(names), hidden) for names in (SHAPES, QUOTES, LAYOUT))
        self.norm = nn.LayerNorm(hidden, eps=1e-12)
        self.layers = nn.ModuleList(
            Layer(hidden, config["intermediate_size"], config["num_attention_heads"], dropout)
            for _ in range(config["num_hidden_layers"])
        )
        self.dropout = nn.Dropout(dropout)
        self.labels, self.names, self.kinds = (nn.Linear(hidden, n) for n in (LABELS, NAMES, KINDS))
        self.tails, self.heads = nn.Linear(hidden, POINTER), nn.Linear(hidden, POINTER)

    def forward(self, ids: Tensor, shapes: Tensor, quotes: Tensor, layout: Tensor) -> tuple[Tensor, ...]:
        """All inputs [batch, length], int64; id 0 is padding. Outputs in the order of ``OUTPUTS``."""
        mask = (ids != 0)[:, None, None, :]
        x = self.words(ids) + self.positions.weight[: ids.shape[1]]
        for embedding, column in zip(self.features, (shapes, quotes, layout), strict=True):
            x = x + embedding(column)
        x = self.dropout(self.norm(x))
        for layer in self.layers:
            x = layer(x, mask)
        x = self.dropout(x)
        return self.labels(x), self.tails(x), self.heads(x), self.names(x), self.kinds(x)


def pretrained(folder: Path, dropout: float = 0.1) -> Encoder:
    """The encoder with the weights of a BERT checkpoint: ``config.json``, ``model.safetensors``."""
    model = Encoder(json.loads((folder / "config.json").read_text()), dropout)
    weights = load_file(folder / "model.safetensors")
    weights = {name.removeprefix("bert."): value for name, value in weights.items()}
    token_type = weights["embeddings.token_type_embeddings.weight"][0]
    model.words.weight.data = weights["embeddings.word_embeddings.weight"].clone()
    model.positions.weight.data = weights["embeddings.position_embeddings.weight"] + token_type
    _copy(weights, "embeddings.LayerNorm", model.norm)
    for embedding in model.features:
        nn.init.normal_(embedding.weight, std=0.002)
    for i, layer in enumerate(model.layers):
        for name, module in _PARTS.items():
            _copy(weights, f"encoder.layer.{i}.{name}", getattr(layer, module))
    return model


_PARTS = {
    "attention.self.query": "query",
    "attention.self.key": "key",
    "attention.self.value": "value",
    "attention.output.dense": "out",
    "attention.output.LayerNorm": "norm_attention",
    "intermediate.dense": "up",
    "output.dense": "down",
    "output.LayerNorm": "norm_output",
}


def _copy(weights: dict[str, Tensor], name: str, module: nn.Module) -> None:
    module.load_state_dict({key: weights[f"{name}.{key}"] for key in ("weight", "bias")})


def pad(rows: list[list[int]]) -> Tensor:
    """Rows of different length as one int64 tensor, filled up with 0."""
    length = max(len(row) for row in rows)
    return torch.tensor([row + [0] * (length - len(row)) for row in rows])
