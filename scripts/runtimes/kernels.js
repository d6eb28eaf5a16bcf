/**
 * @file Run by scripts/runtimes/run.js beside the bundled trials: every kernel against the reference, in this runtime's engine.
 */
import { runtime } from './runtime.js'
import { backend, kernelIds, placedIds, tryAmidCanaries, tryAtTheEnd, tryContract } from './trials.js'

if (backend() !== 'simd') throw new Error(`serves with ${backend()}`)
const tried = [
  ...kernelIds.flatMap(tryContract),
  ...placedIds.flatMap(tryAmidCanaries),
  ...[true, false].flatMap(tryAtTheEnd),
]
const wrong = tried.filter((trial) => trial.wrong.length > 0 || trial.compared === 0)
for (const trial of wrong) console.error(`${trial.name}: ${trial.wrong[0] ?? 'nothing was compared'}`)
const reasons = new Set(
  tried.flatMap(({ skipped }) => skipped.map((line) => line.slice(line.indexOf(': ') + 2))),
)
for (const reason of reasons) console.log(`skipped what kernels do not take: ${reason}`)
const compared = tried.reduce((sum, trial) => sum + trial.compared, 0)
console.log(
  `${runtime}: ${compared} jobs of ${kernelIds.length} kernels compared, ${wrong.length} clauses broken`,
)
if (wrong.length > 0 || compared < 20_000) throw new Error('the kernels break their contract')
