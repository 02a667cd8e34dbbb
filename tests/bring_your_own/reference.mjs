// Inputs and a network's outputs for them by onnxruntime-node, as raw float32.
//
//   node reference.mjs PACKAGES NETWORK.onnx STEM AXIS,AXIS... [OUTPUT [NAME=VALUE...]]
//
// Writes STEM.input and STEM.output: 4 seeded inputs of these axes, the batch left out, put to the
// network one by one. Of three channels: dark strokes on a bright, noisy ground, as text has them,
// in [-1, 1]; others: noise there. OUTPUT: the output that is kept, else the first. VALUE: each
// element of another input of that name.

import { createRequire } from "node:module";
import { writeFileSync } from "node:fs";
import path from "node:path";

const [packages, network, stem, axes, kept, ...constants] = process.argv.slice(2);
const shape = axes.split(",").map(Number);
const values = shape.reduce((product, n) => product * n, 1);
const inputs = 4;
const strokes = 40;
const ort = createRequire(path.join(path.resolve(packages), "package.json"))("onnxruntime-node");

// Numbers in [0, 1) by a linear congruence (Numerical Recipes).
let state = 20221121;
function uniform() {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 2 ** 32;
}

function drawImage([channels, height, width]) {
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

function drawInput() {
  if (shape.length === 3 && shape[0] === 3) return drawImage(shape);
  return Float32Array.from({ length: values }, () => 2 * uniform() - 1);
}

// The file's own axes, 1 where they are free.
function constantInput(session, assignment) {
  const [name, value] = assignment.split("=");
  const input = session.inputMetadata.find((metadata) => metadata.name === name);
  const dims = input.shape.map((n) => (typeof n === "number" ? n : 1));
  const count = dims.reduce((product, n) => product * n, 1);
  const data = input.type === "int64" ? new BigInt64Array(count).fill(BigInt(value))
                                      : new Float32Array(count).fill(Number(value));
  return { [name]: new ort.Tensor(input.type, data, dims) };
}

const session = await ort.InferenceSession.create(network, { intraOpNumThreads: 1 });
const others = Object.assign({}, ...constants.map((each) => constantInput(session, each)));
const output = kept ?? session.outputNames[0];
const given = [], found = [];
for (let k = 0; k < inputs; ++k) {
  const input = drawInput();
  const feeds = { [session.inputNames[0]]: new ort.Tensor("float32", input, [1, ...shape]) };
  const result = (await session.run({ ...feeds, ...others }, [output]))[output];
  given.push(Buffer.from(input.buffer));
  found.push(Buffer.from(result.data.slice().buffer));
  if (k === 0) console.log(`onnxruntime-node gives ${result.dims.join(" x ")} an input`);
}
writeFileSync(`${stem}.input`, Buffer.concat(given));
writeFileSync(`${stem}.output`, Buffer.concat(found));
