// ngspice 45.2 with KLU, as npm's eecircuit-engine brings it, on decks that memspice wrote.
//
//   node simulate.mjs PACKAGES FOLDER COUNT [sparse]
//
// For k < COUNT reads FOLDER/k.cir and FOLDER/k.names (one vector a line) and writes FOLDER/k.values
// (float64: points x vectors) and FOLDER/k.seconds (of processor time), or FOLDER/k.error.

import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [packages, folder, count, solver] = process.argv.slice(2);
const module = path.join(path.resolve(packages),
                         "node_modules/eecircuit-engine/dist/eecircuit-engine.mjs");
const { Simulation } = await import(pathToFileURL(module).href);
const simulation = new Simulation();
await simulation.start();

function valuesOf(result, names) {
  const columns = new Map(result.data.map((column) => [column.name.toLowerCase(), column.values]));
  const values = new Float64Array(result.numPoints * names.length);
  names.forEach((name, j) => {
    const column = columns.get(name);
    if (!column) throw new Error(`gives no ${name}`);
    column.forEach((value, point) => { values[point * names.length + j] = value; });
  });
  return values;
}

async function run(stem) {
  const deck = readFileSync(`${stem}.cir`, "utf8");
  const option = solver === "sparse" ? "" : ".options klu\n";
  simulation.setNetList(deck.replace(/\.end\s*$/, `${option}.end\n`));
  const start = process.cpuUsage();
  const result = await simulation.runSim();
  const spent = process.cpuUsage(start);
  const named = readFileSync(`${stem}.names`, "utf8").trim().split("\n");
  const wanted = solver === "sparse" ? /Using SPARSE/ : /Using KLU/;
  if (!wanted.test(simulation.getInfo())) throw new Error("did not use the solver asked for");
  writeFileSync(`${stem}.values`, new Uint8Array(valuesOf(result, named).buffer));
  writeFileSync(`${stem}.seconds`, String((spent.user + spent.system) / 1e6));
}

for (let k = 0; k < Number(count); ++k) {
  const stem = path.join(folder, String(k));
  try {
    await run(stem);
  } catch (error) {
    const said = [String(error), ...simulation.getError()].join("\n");
    writeFileSync(`${stem}.error`, said);
  }
}
process.exit(0);
