/**
 * @file When V8 optimises what runs often. Node 20 does so after about a millisecond of a function, and in a run of seconds spends a fifth
 * of all processors' time on it; loops over elements run long enough to be optimised all the same.
 */
import { setFlagsFromString } from 'node:v8'

/** Ten times V8's own number of bytes of bytecode. Later versions have other thresholds, and a cheaper compiler between. */
const budget = 1_320_000

export function optimizeLate(): void {
  if (process.versions.node.startsWith('20.')) setFlagsFromString(`--interrupt-budget=${budget}`)
}
