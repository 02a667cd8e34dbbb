#!/usr/bin/python3
"""Train, convert, see what arrays take, fine-tune on them, export, run: five minutes.

    PYTHONPATH=build/python flows/python/train_for_arrays.py
"""
import contextlib
import torch
from torch import nn
import memspice.torch

machine = memspice.Flow("lenet5_fashion", {"data.calibration_limit": 4000, "data.limit": 500})
images, labels = map(torch.tensor, machine.images(calibration=True))
test, answers = map(torch.tensor, machine.images())
torch.manual_seed(1)
model = nn.Sequential(nn.Conv2d(1, 8, 5, stride=2), nn.ReLU(), nn.Flatten(), nn.Linear(1152, 10))

def train(network, epochs, rate):
    optimizer = torch.optim.Adam(network.parameters(), rate)
    for _ in range(epochs):
        for batch in torch.randperm(len(images)).split(100):
            optimizer.zero_grad()
            nn.functional.cross_entropy(network.train()(images[batch]), labels[batch].long()).backward()
            optimizer.step()

def accuracy(network, chips=contextlib.nullcontext(), count=1):
    with torch.no_grad(), chips:
        right = [(network.eval()(test).argmax(1) == answers).float().mean() for _ in range(count)]
    return f"{100 * torch.stack(right).mean():.1f} %"

train(model, 8, 3e-3)
spread = {"device_to_device": {"sigma": 0.3}, "read_noise": {"relative_sigma": 0.02}}
analog = memspice.torch.convert(model, images[:200], flow="lenet5_fashion", nonideality=spread,
                                array={"wire": "5 Ohm"}, device={"levels": 8})
print("float", accuracy(model), "on ten chips", accuracy(analog, analog.chips(), 10))
train(analog, 4, 3e-3)
analog.calibrate()
print("fine-tuned, on ten chips", accuracy(analog, analog.chips(), 10))
flow = analog.flow("trained", test, answers)
print(flow.run())
flow.tile("layer_3:17:0").plot("voltage_lost").figure.savefig("trained/voltage_lost.png")
