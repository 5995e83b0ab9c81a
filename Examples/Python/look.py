"""A published model in numpy: looks at the scenes of a study, and compares the result with the tables of the study.

Usage: Scripts/check-python, or where numpy and safetensors are installed:
       python3 Examples/Python/look.py [Results/cluttered/paper ram-6-seed1]
Documentation/weights.md has the names and shapes of all tensors.
"""
import csv
import json
import sys
import numpy as np
from safetensors import safe_open

if len(sys.argv) not in (1, 3):
    sys.exit("Name a folder of results and a run in it, or neither: look.py Results/cluttered/paper ram-6-seed1")
folder, run = sys.argv[1:] or ("Results/cluttered/paper", "ram-6-seed1")
# The tables have 5, 4 and 2 decimals, and another processor sums in another order.
tolerance = {"places": 1e-3, "probabilities": 1e-3, "crops": 0.0051}
with safe_open(f"{folder}/weights/{run}.safetensors", framework="numpy") as file:
    weights = {name: file.get_tensor(name) for name in file.keys()}
    network = json.loads(file.metadata()["configuration"])["network"]
sensor, gaze = network["sensor"], network["gaze"]
if (sensor["kind"], network["core"]["kind"], gaze["kind"]) != ("retina", "rectifier", "gaussian"):
    sys.exit("This script supports only the paper's retina, rectifier core and Gaussian gaze.")
side, scales, reach = sensor["patch_side"], sensor["scales"], gaze.get("reach", 1)

def linear(x, name):
    return x @ weights[name + ".weight"] + weights[name + ".bias"][0]

def rectified(x, name):
    return np.maximum(linear(x, name), 0)

def retina(image, place):
    """Patches around a place, the finest first, each twice as wide as the one before and mean-pooled."""
    column, row = np.floor((place + 1) / 2 * len(image) + 0.5).astype(int)  # the nearest corner between pixels
    margin = side << scales
    padded = np.pad(image, margin)  # outside is black
    patches = []
    for pool in (1 << scale for scale in range(scales)):
        top, left = (corner + margin - side * pool // 2 for corner in (row, column))
        patch = padded[top : top + side * pool, left : left + side * pool]
        patches.append(patch.reshape(side, pool, side, pool).mean(axis=(1, 3)))
    return np.array(patches, np.float32)

def picture(patches):
    """A glimpse as the tables have it: the coarsest patch enlarged, with the finer ones in its middle."""
    whole = np.zeros((side << scales - 1,) * 2)
    for scale in reversed(range(scales)):
        enlarged = patches[scale].repeat(1 << scale, 0).repeat(1 << scale, 1)
        inner = slice((len(whole) - len(enlarged)) // 2, (len(whole) + len(enlarged)) // 2)
        whole[inner, inner] = enlarged
    return whole

def look(image):
    """Where it looks, what it sees there, and the class probabilities afterwards, glimpse by glimpse."""
    place = np.zeros(2, np.float32)  # the first one: the centre, or learned
    if gaze.get("first") == "learned":
        place = np.clip(reach * np.tanh(weights["location.first.bias"][0]), -1, 1)
    h = np.zeros(weights["core.bias"].shape[1], np.float32)
    for _ in range(network["glimpses"]):
        patches = retina(image, place)
        seen_where = [rectified(patches.ravel(), "glimpse.patch"), rectified(place, "glimpse.location")]
        g = rectified(np.concatenate(seen_where), "glimpse.joint")
        h = rectified(np.concatenate([g, h]), "core")
        odds = np.exp(linear(h, "action"))
        yield place, picture(patches), odds / odds.sum()
        place = np.clip(reach * np.tanh(linear(h, "location")), -1, 1)

def table(name, *columns):
    with open(f"{folder}/{name}.csv", newline="") as file:
        return np.array([[float(row[column]) for column in columns] for row in csv.DictReader(file)])

pixels, theirs = table("scenes", "scene", "row", "value"), table("glimpses", "scene", "x", "y")
images = (np.rint(255 * pixels[:, 2]).astype(np.float32) / 255).reshape(int(pixels[-1, 0]), int(pixels[-1, 1]) + 1, -1)
looks = [glimpse for scene in np.unique(theirs[:, 0]) for glimpse in look(images[int(scene) - 1])]
if len(looks) != len(theirs):
    sys.exit(f"{folder}/glimpses.csv belongs to another model than {run}.")
recorded = theirs[:, 1:], table("crops", "value"), table("answers", "probability")
differences = [np.abs(np.ravel(ours) - table.ravel()).max() for ours, table in zip(zip(*looks), recorded)]
worst = dict(zip(("places", "crops", "probabilities"), differences))
print(f"{run}: {len(looks)} glimpses, largest differences: " + ", ".join(f"{k} {v:.1e}" for k, v in worst.items()))
sys.exit(not all(worst[name] <= tolerance[name] for name in worst))  # a NaN is no agreement
