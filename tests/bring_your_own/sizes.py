"""Networks of the sizes that people have, exported by PyTorch, with PyTorch's outputs.

    sizes.py FOLDER NAME...

writes NAME.onnx, the images that are scored and others that calibrate (idx, float32) with the
labels that PyTorch gives them, and of the scored ones NAME.input and NAME.output (raw float32).
Prints the number of weights. Weights are drawn from a seed; batch normalisation has the statistics
of some images, and the last bias takes from each class its mean score, so that labels differ.
"""

import pathlib
import struct
import sys
import warnings

import torch
import torchvision
from torch import nn

SCORED, CALIBRATION, STATISTICS = 4, 4, 16


class Lstm(nn.Module):
    """A classifier of 50 frames of 40 values, as for keywords."""

    def __init__(self):
        super().__init__()
        self.cell = nn.LSTM(40, 128, num_layers=2, batch_first=True)
        self.scores = nn.Linear(128, 10)

    def forward(self, x):
        return self.scores(self.cell(x)[0][:, -1])


def vit_tiny():
    model = torchvision.models.VisionTransformer(
        image_size=224, patch_size=16, num_layers=12, num_heads=3, hidden_dim=192, mlp_dim=768
    )
    # torchvision leaves the head without weights, as it is trained from there.
    nn.init.trunc_normal_(model.heads.head.weight, std=0.02)
    return model


PIXELS = (3, 224, 224)
NETWORKS = {
    "resnet18": (torchvision.models.resnet18, PIXELS),
    "resnet50": (torchvision.models.resnet50, PIXELS),
    "mobilenet_v2": (torchvision.models.mobilenet_v2, PIXELS),
    "vit_tiny": (vit_tiny, PIXELS),
    "lstm": (Lstm, (50, 40)),
}


def smooth_images(count, shape):
    """Patches of colour under a little noise: neighbouring pixels agree, as those of photographs."""
    if len(shape) < 3:
        return torch.randn(count, *shape)
    coarse = torch.randn(count, shape[0], 7, 7)
    patches = nn.functional.interpolate(coarse, shape[1:], mode="bilinear")
    return patches + 0.2 * torch.randn(count, *shape)


def settle_statistics(model, images):
    """Batch normalisation keeps mean and variance of these images."""
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.reset_running_stats()
            module.momentum = None
    model.train()
    for module in model.modules():
        if isinstance(module, nn.Dropout):
            module.eval()
    model(images)
    model.eval()


def centre_scores(model, images):
    last = [module for module in model.modules() if isinstance(module, nn.Linear)][-1]
    last.bias -= model(images).mean(dim=0)


def idx(code, values, kind):
    sizes = struct.pack(f">{values.dim()}i", *values.shape)
    return bytes([0, 0, code, values.dim()]) + sizes + values.numpy().astype(kind).tobytes()


def write_set(path, model, images):
    scores = model(images)
    pathlib.Path(f"{path}-images.idx").write_bytes(idx(0x0D, images, ">f4"))
    pathlib.Path(f"{path}-labels.idx").write_bytes(idx(0x0C, scores.argmax(dim=1), ">i4"))
    return scores


def write(folder, name):
    make, shape = NETWORKS[name]
    torch.manual_seed(1)
    model = make()
    statistics = smooth_images(STATISTICS, shape)
    settle_statistics(model, statistics)
    centre_scores(model, statistics)
    path = folder / name
    images = smooth_images(SCORED, shape)
    torch.onnx.export(model, images[:1], f"{path}.onnx", opset_version=14, input_names=["x"])
    scores = write_set(path, model, images)
    write_set(f"{path}-calibration", model, smooth_images(CALIBRATION, shape))
    pathlib.Path(f"{path}.input").write_bytes(images.numpy().tobytes())
    pathlib.Path(f"{path}.output").write_bytes(scores.numpy().tobytes())
    return sum(p.numel() for p in model.parameters())


def main():
    warnings.simplefilter("ignore")
    folder, names = pathlib.Path(sys.argv[1]), sys.argv[2:]
    with torch.no_grad():
        for name in names:
            print(write(folder, name))


if __name__ == "__main__":
    main()
