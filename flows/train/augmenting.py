"""Other views of training images."""

import torch
from torch import nn


def augment(images, mirrors=True, shift=1):
    """Half of the images mirrored if asked; the whole batch shifted by at most so many pixels each
    way."""
    if mirrors:
        mirrored = torch.rand(len(images)) < 0.5
        images = torch.where(mirrored[:, None, None, None], images.flip(3), images)
    row, column = torch.randint(0, 2 * shift + 1, (2,)).tolist()
    height, width = images.shape[2:]
    padded = nn.functional.pad(images, (shift,) * 4)
    return padded[:, :, row:row + height, column:column + width]
