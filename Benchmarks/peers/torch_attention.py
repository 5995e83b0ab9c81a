#!/usr/bin/env python3
"""The recurrent attention model's training step and evaluation in PyTorch, CPU, float32.

Written to be as fast as PyTorch allows: summed-area table or strided crops, whichever is faster; sums of two linear
maps as one addmm; fused SGD; torch.compile with Inductor's C++ wrapper.

    torch_attention.py --side 60 --patch 12 --scales 3 --glimpses 6 --batch 128 --threads 2 --compile
    torch_attention.py --selftest
"""

import argparse
import os

parser = argparse.ArgumentParser()
parser.add_argument("--side", type=int, default=28)
parser.add_argument("--patch", type=int, default=8)
parser.add_argument("--scales", type=int, default=1)
parser.add_argument("--glimpses", type=int, default=6)
parser.add_argument("--batch", type=int, default=128)
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--compile", action="store_true")
parser.add_argument("--works", default="training,evaluation")
parser.add_argument("--selftest", action="store_true", help="check the sensors against a naive loop, and stop")
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

STD = 0.17
# The fastest, measured on one thread.
SENSOR = "crop" if args.scales == 1 or (args.compile and args.scales <= 3) else "sat"
POOL = "separable" if args.compile and args.batch < 64 else "average"


class Sensor:
    """Concentric crops of w * 2^i pixels around a location, pooled to w x w; zeros outside of the image."""

    def __init__(self, side, patch, scales):
        self.side, self.patch, self.scales = side, patch, scales
        self.largest = patch << (scales - 1)

    def prepare(self, x):  # once per batch; x: B, side, side
        if SENSOR == "sat":
            return F.pad(x, (1, 0, 1, 0)).cumsum(2).cumsum(1).flatten(1)
        p = self.largest // 2
        return F.pad(x, (p, p, p, p))

    def corner(self, location):
        c = ((location.clamp(-1, 1) + 1) * (0.5 * self.side)).long()
        return c[:, 0], c[:, 1]

    def __call__(self, prepared, location):
        x, y = self.corner(location)
        if SENSOR == "sat":
            return self.from_table(prepared, x, y)
        w, count = self.patch, prepared.shape[0]
        # A strided view of all windows, one index per image.
        windows = prepared.unfold(1, self.largest, 1).unfold(2, self.largest, 1)
        crop = windows[torch.arange(count), y, x]
        if self.scales == 1:
            return crop.reshape(count, w * w)
        patches = []
        for i in range(self.scales):  # smaller scales are the centres of the largest crop
            f, s = 1 << i, w << i
            a = (self.largest - s) // 2
            c = crop[:, a:a + s, a:a + s]
            if f > 1 and POOL == "average":
                c = F.avg_pool2d(c, f)
            elif f > 1:  # rows first, then columns
                c = c.reshape(count, w, f, s).sum(2).view(count, w, w, f).sum(3) * (1.0 / (f * f))
            patches.append(c.reshape(count, w * w))
        return torch.cat(patches, 1)

    def from_table(self, table, x, y):  # clamped corners give the zeros outside
        count, side, w, k = table.shape[0], self.side, self.patch, self.scales
        f = 2 ** torch.arange(k)[:, None]
        offsets = (torch.arange(w + 1) - w // 2) * f  # k, w + 1
        row = (y[:, None, None] + offsets).clamp(0, side) * (side + 1)
        column = (x[:, None, None] + offsets).clamp(0, side)
        t = table.gather(1, (row[..., :, None] + column[..., None, :]).view(count, -1))
        t = t.view(count, k, w + 1, w + 1)
        t = t[:, :, 1:] - t[:, :, :-1]
        t = t[..., 1:] - t[..., :-1]
        if k > 1:
            t = t * (1.0 / (f * f)).view(k, 1, 1)
        return t.reshape(count, k * w * w)


class Model(nn.Module):
    def __init__(self, units=256, classes=10):
        super().__init__()
        self.sensor = Sensor(args.side, args.patch, args.scales)
        self.what = nn.Linear(args.scales * args.patch ** 2, 128)
        self.where = nn.Linear(2, 128)
        self.what2 = nn.Linear(128, 256)
        self.where2 = nn.Linear(128, 256)
        self.gh = nn.Linear(256, units)
        self.hh = nn.Linear(units, units, bias=False)
        self.location = nn.Linear(units, 2)
        self.baseline = nn.Linear(units, 1)
        self.action = nn.Linear(units, classes)

    def step(self, prepared, l, h):
        a = F.relu(self.what(self.sensor(prepared, l)))
        b = F.relu(self.where(l))
        g = F.relu(torch.addmm(self.what2(a), b, self.where2.weight.t()) + self.where2.bias)
        z = self.gh(g)
        if h is not None:  # h_0 = 0
            z = torch.addmm(z, h, self.hh.weight.t())
        return F.relu(z)

    def forward(self, x, l, noise):
        """noise: glimpses - 1, B, 2, or None to look at the mean."""
        prepared = self.sensor.prepare(x)
        h, states, locations = None, [], []
        for t in range(args.glimpses):
            h = self.step(prepared, l, h)
            if t + 1 < args.glimpses:
                with torch.no_grad():
                    mean = self.location(h).clamp(-1, 1)
                    l = mean if noise is None else mean + noise[t]
                states.append(h)
                locations.append(l)
        return self.action(h), states, locations

    def loss(self, x, y, first, noise):
        logits, states, locations = self(x, first, noise)
        h = torch.stack(states).detach()  # no gradient from the two heads into the core
        mean = self.location(h).clamp(-1, 1)
        score = (torch.stack(locations) - mean).square().sum(-1) * (-0.5 / STD ** 2)
        b = self.baseline(h).squeeze(-1)
        reward = (logits.detach().argmax(1) == y).to(x.dtype).expand_as(b)
        return F.cross_entropy(logits, y) + F.mse_loss(b, reward) - (score * (reward - b.detach())).mean()


def selftest():
    """Both sensors against a loop over windows."""
    global SENSOR, POOL
    side, w, k, count = 60, 12, 3, 16
    generator = torch.Generator().manual_seed(1)
    x = torch.rand(count, side, side, generator=generator)
    l = torch.rand(count, 2, generator=generator) * 2.4 - 1.2
    sensor = Sensor(side, w, k)
    column, row = sensor.corner(l)
    margin = 100
    padded = F.pad(x, (margin, margin, margin, margin))
    expected = torch.zeros(count, k, w, w)
    for b in range(count):
        for i in range(k):
            s = w << i
            top, left = int(row[b]) + margin - s // 2, int(column[b]) + margin - s // 2
            expected[b, i] = F.avg_pool2d(padded[b, top:top + s, left:left + s][None, None], 1 << i)[0, 0]
    for SENSOR in ("crop", "sat"):
        for POOL in ("average", "separable"):
            worst = (sensor(sensor.prepare(x), l).view(count, k, w, w) - expected).abs().max().item()
            assert worst < 2e-3, (SENSOR, POOL, worst)
    print("the sensors agree with the naive loop")


def main():
    model = Model()
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-2, momentum=0.9, fused=True)
    loss_of, forward = model.loss, model.forward

    def predict(x, first):
        return forward(x, first, None)[0].argmax(1)

    if args.compile:
        import torch._inductor.config as inductor
        inductor.cpp_wrapper = True
        loss_of = torch.compile(loss_of, fullgraph=True, dynamic=False)
        predict = torch.compile(predict, fullgraph=True, dynamic=False)

    data = [(torch.from_numpy(x), torch.from_numpy(y)) for x, y in batches(args.batch, args.side)]

    def first():
        return torch.rand(args.batch, 2).mul_(2).sub_(1)

    def train(i):
        x, y = data[i % len(data)]
        noise = torch.randn(args.glimpses - 1, args.batch, 2).mul_(STD)
        optimizer.zero_grad(set_to_none=True)
        loss_of(x, y, first(), noise).backward()
        optimizer.step()

    def evaluate(i):
        with torch.no_grad():
            predict(data[i % len(data)][0], first())

    works = {"training": train, "evaluation": evaluate}
    serve(f"torch {torch.__version__}", args.batch, {name: works[name] for name in args.works.split(",")})


if __name__ == "__main__":
    selftest() if args.selftest else main()
