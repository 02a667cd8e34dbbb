"""Makes segmentation_16x16.onnx: a small SE-FCN that finds dark pixels, half of two layers pruned.

Run in the project's root folder; needs python3-torch, python3-onnx and python3-pil. Takes seconds.
"""

import pathlib
import sys

import torch
from torch import nn

sys.path.insert(0, "flows/train")
import se_fcn
from exporting import export

SIDE = 16


class SmallSEFCN(nn.Module):
    def __init__(self):
        super().__init__()
        self.down, self.pool = se_fcn.Stage(1, 4), nn.MaxPool2d(2)
        self.bottom = se_fcn.Stage(4, 8)
        self.rise = se_fcn.Rise(8, 4)
        self.head, self.sigmoid = nn.Conv2d(4, 1, 1), nn.Sigmoid()

    def forward(self, image):
        skipped = self.down(image)
        return self.sigmoid(self.head(self.rise(self.bottom(self.pool(skipped)), skipped)))


def smooth_images(count):
    noise = nn.functional.pad(torch.rand(count, 1, SIDE, SIDE), (2, 2, 2, 2), mode="reflect")
    return ((nn.functional.avg_pool2d(noise, 5, 1) - 0.5) * 4 + 0.5).clamp(0, 1)


torch.manual_seed(3)
network = SmallSEFCN()
optimizer = torch.optim.Adam(network.parameters(), 0.02)
for _ in range(300):
    images = smooth_images(8)
    loss = nn.functional.binary_cross_entropy(network(images), (images < 0.4).float())
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
with torch.no_grad():
    for layer in (network.bottom.conv1, network.rise.deconv):
        layer.weight[layer.weight.abs() < layer.weight.abs().median()] = 0
export(network, (1, SIDE, SIDE), pathlib.Path(__file__).parent / "segmentation_16x16.onnx",
       output_name="dark")
