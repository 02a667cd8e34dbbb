// Images and a network's outputs for them by onnxruntime-node, as raw float32.
//
//   node reference.mjs PACKAGES NETWORK.onnx STEM CHANNELS HEIGHT WIDTH
//
// Writes STEM.input and STEM.output: 4 images, seeded: dark strokes on a bright, noisy ground, as
// text has them, in [-1, 1].

import { createRequire } from "node:module";
import { writeFileSync } from "node:fs";
import path from "node:path";

const [packages, network, stem, ...shape] = process.argv.slice(2);
const [channels, height, width] = shape.map(Number);
const images = 4;
const strokes = 40;
const ort = createRequire(path.join(path.resolve(packages), "package.json"))("onnxruntime-node");

// Numbers in [0, 1) by a linear congruence (Numerical Recipes).
let state = 20221121;
function uniform() {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 2 ** 32;
}

function drawImage() {
  const plane = height * width;
  const image = Float32Array.from({ length: channels * plane }, () => 0.7 + 0.3 * uniform());
  for (let k = 0; k < strokes; ++k) {
    const tall = 1 + Math.floor(uniform() * 12), wide = 1 + Math.floor(uniform() * 12);
    const top = Math.floor(uniform() * (height - tall));
    const left = Math.floor(uniform() * (width - wide));
    const ink = -1 + uniform();
    for (let c = 0; c < channels; ++c)
      for (let y = top; y < top + tall; ++y)
        image.fill(ink, c * plane + y * width + left, c * plane + y * width + left + wide);
  }
  return image;
}

const input = new Float32Array(images * channels * height * width);
for (let k = 0; k < images; ++k) input.set(drawImage(), k * channels * height * width);
const session = await ort.InferenceSession.create(network, { intraOpNumThreads: 1 });
const feeds = {
  [session.inputNames[0]]: new ort.Tensor("float32", input, [images, channels, height, width]),
};
const output = (await session.run(feeds))[session.outputNames[0]];
writeFileSync(`${stem}.input`, new Uint8Array(input.buffer));
writeFileSync(`${stem}.output`, new Uint8Array(output.data.buffer, output.data.byteOffset,
                                               output.data.byteLength));
console.log(`onnxruntime-node gives ${output.dims.join(" x ")}`);
