"""Recurrent networks and transformer blocks of PyTorch, exported to ONNX, with PyTorch's outputs.

    sequences.py FOLDER

writes NAME.onnx, NAME.input and NAME.output (raw float32) for each network, and the list of them,
NAME and the shape of one image a line, to networks.txt. Weights are drawn from a seed.
"""

import pathlib
import sys
import warnings

import torch
from torch import nn

IMAGES = 6
STEPS, VALUES = 12, 10


class Scores(nn.Module):
    """Scores of the last step of a recurrent layer."""

    def __init__(self, cell, batch_first=True, **options):
        super().__init__()
        self.cell = cell(VALUES, 16, batch_first=batch_first, **options)
        self.batch_first = batch_first
        self.scores = nn.Linear(32 if options.get("bidirectional") else 16, 5)

    def forward(self, x):
        states = self.cell(x)[0]
        return self.scores(states[:, -1] if self.batch_first else states[-1])


class LastState(nn.Module):
    """Scores of the last hidden and cell states, as PyTorch hands them back."""

    def __init__(self):
        super().__init__()
        self.cell = nn.LSTM(VALUES, 16, num_layers=2, batch_first=True)
        self.scores = nn.Linear(32, 5)

    def forward(self, x):
        _, (h, c) = self.cell(x)
        return self.scores(torch.cat([h[-1], c[-1]], dim=1))


class Sequence(nn.Module):
    """A decoder that takes over the encoder's state."""

    def __init__(self):
        super().__init__()
        self.encoder = nn.GRU(VALUES, 16, batch_first=True)
        self.decoder = nn.GRU(VALUES, 16, batch_first=True)
        self.scores = nn.Linear(16, 5)

    def forward(self, x):
        _, h = self.encoder(x)
        return self.scores(self.decoder(x, h)[0])


class Attention(nn.Module):
    """Self-attention; `is_causal`: each step sees those up to itself."""

    def __init__(self, is_causal=False):
        super().__init__()
        self.attention = nn.MultiheadAttention(16, 4, batch_first=True)
        self.embed = nn.Linear(VALUES, 16)
        # Large, but finite: a weight of an ONNX file is a number.
        mask = torch.triu(torch.full((STEPS, STEPS), -1e4), diagonal=1)
        self.register_buffer("mask", mask if is_causal else None)

    def forward(self, x):
        x = self.embed(x)
        return self.attention(x, x, x, need_weights=False, attn_mask=self.mask)[0]


class Transformer(nn.Module):
    """Two blocks behind an embedding, and scores of their mean."""

    def __init__(self, **options):
        super().__init__()
        self.embed = nn.Linear(VALUES, 16)
        self.position = nn.Parameter(torch.randn(1, STEPS, 16) * 0.3)
        self.blocks = nn.ModuleList(
            nn.TransformerEncoderLayer(16, 4, 32, batch_first=True, **options) for _ in range(2)
        )
        self.scores = nn.Linear(16, 5)

    def forward(self, x):
        x = self.embed(x) + self.position
        for block in self.blocks:
            x = block(x)
        return self.scores(x.mean(dim=1))


class Convolutions(nn.Module):
    """Convolutions with the steps as channels, a recurrent layer along what was their width."""

    def __init__(self):
        super().__init__()
        self.convolution = nn.Conv1d(STEPS, 8, 3, padding=1)
        self.cell = nn.GRU(8, 16, batch_first=True)
        self.scores = nn.Linear(16, 5)

    def forward(self, x):
        x = torch.relu(self.convolution(x)).transpose(1, 2)
        return self.scores(self.cell(x)[0][:, -1])


def networks():
    for cell in (nn.LSTM, nn.GRU, nn.RNN):
        name = cell.__name__.lower()
        yield name, Scores(cell), {}
        yield name + "_both_ways", Scores(cell, bidirectional=True, num_layers=2), {"opset": 11}
        yield name + "_steps_first", Scores(cell, batch_first=False), {}
        yield name + "_free_batch", Scores(cell, num_layers=2), {"free": True}
    yield "rnn_relu", Scores(nn.RNN, nonlinearity="relu", bias=False), {}
    yield "lstm_last_state", LastState(), {}
    yield "gru_decoder", Sequence(), {}
    yield "convolutions_gru", Convolutions(), {}
    yield "attention", Attention(), {}
    yield "attention_causal", Attention(is_causal=True), {}
    yield "transformer", Transformer(), {}
    yield "transformer_free_batch", Transformer(), {"free": True, "opset": 14}
    yield "transformer_norm_first", Transformer(norm_first=True, activation="gelu"), {"opset": 11}


def write(folder, name, model, opset=13, free=False):
    model = model.eval()
    steps_first = "steps_first" in name
    shape = (STEPS, 1, VALUES) if steps_first else (1, STEPS, VALUES)
    x = torch.randn(IMAGES, *shape)
    outputs = [model(image).detach() for image in x]
    axes = {"x": {1 if steps_first else 0: "batch"}} if free else None
    torch.onnx.export(
        model,
        x[0],
        folder / f"{name}.onnx",
        input_names=["x"],
        opset_version=opset,
        dynamic_axes=axes,
        do_constant_folding=True,
    )
    (folder / f"{name}.input").write_bytes(x.numpy().tobytes())
    (folder / f"{name}.output").write_bytes(torch.cat(outputs).numpy().tobytes())


def main():
    folder = pathlib.Path(sys.argv[1])
    warnings.simplefilter("ignore")
    torch.manual_seed(1)
    names = []
    for name, model, options in networks():
        write(folder, name, model, **options)
        names.append(f"{name} {STEPS} {VALUES}")
    (folder / "networks.txt").write_text("\n".join(names) + "\n")


if __name__ == "__main__":
    main()
