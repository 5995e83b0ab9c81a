#!/usr/bin/env python3
"""The paper's whole-image networks in PyTorch, CPU, float32: 8 filters of 10x10 and a layer, or two layers.

    torch_reference.py --network conv --units 256 --side 60 --batch 128 --threads 2 [--compile]
"""

import argparse
import os

parser = argparse.ArgumentParser()
parser.add_argument("--network", default="conv", choices=["conv", "fc"])
parser.add_argument("--units", type=int, default=256)
parser.add_argument("--side", type=int, default=28)
parser.add_argument("--batch", type=int, default=128)
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--compile", action="store_true")
parser.add_argument("--works", default="training,evaluation")
args = parser.parse_args()
os.environ["OMP_NUM_THREADS"] = str(args.threads)

import torch
import torch.nn as nn
import torch.nn.functional as F

from scenes import batches
from serving import serve

torch.set_num_threads(args.threads)
torch.set_flush_denormal(True)
torch.manual_seed(0)

if args.network == "conv":
    places = (args.side - 10) // 5 + 1
    network = nn.Sequential(
        nn.Unflatten(1, (1, args.side)), nn.Conv2d(1, 8, 10, 5), nn.ReLU(), nn.Flatten(),
        nn.Linear(8 * places * places, args.units), nn.ReLU(), nn.Linear(args.units, 10))
else:
    network = nn.Sequential(
        nn.Flatten(), nn.Linear(args.side ** 2, args.units), nn.ReLU(), nn.Linear(args.units, args.units), nn.ReLU(),
        nn.Linear(args.units, 10))
optimizer = torch.optim.SGD(network.parameters(), lr=1e-2, momentum=0.9, fused=True)


def loss_of(x, y):
    return F.cross_entropy(network(x), y)


def predict(x):
    return network(x).argmax(1)


if args.compile:
    import torch._inductor.config as inductor
    inductor.cpp_wrapper = True
    loss_of = torch.compile(loss_of, fullgraph=True, dynamic=False)
    predict = torch.compile(predict, fullgraph=True, dynamic=False)

data = [(torch.from_numpy(x), torch.from_numpy(y)) for x, y in batches(args.batch, args.side)]


def train(i):
    x, y = data[i % len(data)]
    optimizer.zero_grad(set_to_none=True)
    loss_of(x, y).backward()
    optimizer.step()


def evaluate(i):
    with torch.no_grad():
        predict(data[i % len(data)][0])


works = {"training": train, "evaluation": evaluate}
serve(f"torch {torch.__version__}", args.batch, {name: works[name] for name in args.works.split(",")})
