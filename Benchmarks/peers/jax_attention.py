#!/usr/bin/env python3
"""The recurrent attention model's training step and evaluation in JAX, jitted, CPU, float32.

The same model as torch_attention.py; the steps of time are unrolled, crops are dynamic slices, pooling is separable:
the fastest of what was tried.

    jax_attention.py --side 60 --patch 12 --scales 3 --glimpses 6 --batch 128 --threads 2
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
parser.add_argument("--works", default="training,evaluation")
args = parser.parse_args()

# XLA's thread pool takes its size from the processors that the process may use.
allowed = sorted(os.sched_getaffinity(0))
if args.threads < len(allowed):
    os.sched_setaffinity(0, set(allowed[:args.threads]))
    if args.threads == 1:
        os.environ["XLA_FLAGS"] = os.environ.get("XLA_FLAGS", "") + " --xla_cpu_multi_thread_eigen=false"
os.environ.setdefault("JAX_PLATFORMS", "cpu")

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from scenes import batches
from serving import serve

jax.config.update("jax_default_prng_impl", "rbg")

SIDE, PATCH, SCALES, GLIMPSES, UNITS = args.side, args.patch, args.scales, args.glimpses, 256
LARGEST = PATCH << (SCALES - 1)
STD, RATE = 0.17, 1e-2


# MARK: - Sensor: concentric crops of w * 2^i pixels around a location, pooled to w x w; zeros outside


def prepare(x):
    p = LARGEST // 2
    return jnp.pad(x, ((0, 0), (p, p), (p, p)))


def pool(crop, f):  # rows first, then columns
    count, s, _ = crop.shape
    if f == 1:
        return crop
    return crop.reshape(count, s // f, f, s).sum(2).reshape(count, s // f, s // f, f).sum(3) * (1.0 / (f * f))


def glimpse(prepared, location):
    corner = ((jnp.clip(location, -1, 1) + 1) * (0.5 * SIDE)).astype(jnp.int32)
    crop = jax.vmap(lambda image, y, x: lax.dynamic_slice(image, (y, x), (LARGEST, LARGEST)))(
        prepared, corner[:, 1], corner[:, 0])
    patches = []
    for i in range(SCALES):
        s = PATCH << i
        a = (LARGEST - s) // 2
        patches.append(pool(crop[:, a:a + s, a:a + s], 1 << i).reshape(-1, PATCH * PATCH))
    return jnp.concatenate(patches, 1)


# MARK: - Model


def initial_parameters():
    rng = np.random.default_rng(0)

    def linear(inputs, outputs, bias=True):
        k = 1 / np.sqrt(inputs)
        layer = {"w": rng.uniform(-k, k, (inputs, outputs)).astype(np.float32)}
        if bias:
            layer["b"] = rng.uniform(-k, k, outputs).astype(np.float32)
        return layer

    layers = dict(
        what=linear(SCALES * PATCH * PATCH, 128), where=linear(2, 128), what2=linear(128, 256), where2=linear(128, 256),
        gh=linear(256, UNITS), hh=linear(UNITS, UNITS, False), location=linear(UNITS, 2), baseline=linear(UNITS, 1),
        action=linear(UNITS, 10))
    return jax.tree.map(jnp.asarray, layers)


def linear(layer, x):
    return x @ layer["w"] + layer["b"]


def core(P, prepared, l, h):
    a = jax.nn.relu(linear(P["what"], glimpse(prepared, lax.stop_gradient(l))))
    b = jax.nn.relu(linear(P["where"], l))
    g = jax.nn.relu(linear(P["what2"], a) + linear(P["where2"], b))
    z = linear(P["gh"], g)
    if h is not None:  # h_0 = 0
        z = z + h @ P["hh"]["w"]
    return jax.nn.relu(z)


def forward(P, x, first, noise):
    prepared = prepare(x)
    h = core(P, prepared, first, None)
    states, locations = [], []
    for t in range(GLIMPSES - 1):
        mean = jnp.clip(linear(P["location"], lax.stop_gradient(h)), -1, 1)
        l = lax.stop_gradient(mean + noise[t])
        states.append(h)
        locations.append(l)
        h = core(P, prepared, l, h)
    return linear(P["action"], h), jnp.stack(states), jnp.stack(locations)


def loss(P, x, y, first, noise):
    logits, h, locations = forward(P, x, first, noise)
    h = lax.stop_gradient(h)
    mean = jnp.clip(linear(P["location"], h), -1, 1)
    score = jnp.square(locations - mean).sum(-1) * (-0.5 / STD ** 2)
    b = linear(P["baseline"], h)[..., 0]
    reward = (logits.argmax(1) == y).astype(jnp.float32)[None]
    entropy = -jnp.take_along_axis(jax.nn.log_softmax(logits), y[:, None], 1).mean()
    return entropy + jnp.square(b - reward).mean() - (score * (reward - lax.stop_gradient(b))).mean()


# MARK: - Steps


def train_step(state, x, y):
    P, M, key = state
    key, k1, k2 = jax.random.split(key, 3)
    first = jax.random.uniform(k1, (args.batch, 2), minval=-1, maxval=1)
    noise = jax.random.normal(k2, (GLIMPSES - 1, args.batch, 2)) * STD
    G = jax.grad(loss)(P, x, y, first, noise)
    M = jax.tree.map(lambda m, g: 0.9 * m + g, M, G)
    P = jax.tree.map(lambda p, m: p - RATE * m, P, M)
    return P, M, key


def predict(P, key, x):
    first = jax.random.uniform(key, (args.batch, 2), minval=-1, maxval=1)
    return forward(P, x, first, jnp.zeros((GLIMPSES - 1, 1, 2)))[0].argmax(1)


train_step = jax.jit(train_step, donate_argnums=0)
predict = jax.jit(predict)
data = [
    (jax.device_put(x), jax.device_put(y.astype(np.int32))) for x, y in batches(args.batch, args.side)]
P = initial_parameters()
state = (P, jax.tree.map(jnp.zeros_like, P), jax.random.key(0))
key = jax.random.key(7)


def train(i):
    global state
    state = train_step(state, *data[i % len(data)])
    jax.block_until_ready(state)


def evaluate(i):
    predict(state[0], key, data[i % len(data)][0]).block_until_ready()


works = {"training": train, "evaluation": evaluate}
serve(f"jax {jax.__version__}", args.batch, {name: works[name] for name in args.works.split(",")})
