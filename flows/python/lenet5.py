#!/usr/bin/python3
"""A shipped flow from Python: accuracy by fidelity, layers, confusions, the worst tile's cells.

    PYTHONPATH=build/python flows/python/lenet5.py
"""

import memspice

flow = memspice.Flow("lenet5_fashion", {"data.limit": 200, "output.predictions": True,
                                        "output.format": "npz"})
print(*flow.check(), sep="\n")
result = flow.run(progress=True)
print(result, f"\nenergy per image: {1e9 * result.energy:.0f} nJ; page: {result.folder}/report.html")
for layer in result.layers:
    print(f"  {layer['name']:8} {layer['tiles']:3} tiles, {layer['memristors']:7,} memristors")

scores = result.predictions["scores_calibrated"]
wrong = result.predictions["label"] != result.predictions["prediction_calibrated"]
print(f"{wrong.sum()} of {len(scores)} images go wrong on calibrated tiles; the first: "
      f"image {wrong.argmax()}, scores {scores[wrong.argmax()].round(1)}")

tile = flow.tile("fc1:2:1", image=int(wrong.argmax()))
print(f"{tile.name}: at most {1e3 * tile.voltage_lost.max():.2f} mV lost to wires")
