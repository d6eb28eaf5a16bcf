/**
 * @file The label and style of each candidate in the plots.
 */
import type { Line, Look } from './plot.ts'
import type { Sweep } from './sweep.ts'

const looks: readonly (readonly [id: string, label: string, look: Look])[] = [
  ['lim', 'native limit', 'limit'],
  ['pool2d', 'pool2d', 'own'],
  ['pool2d.wasm', 'pool2d, in WASM', 'own-second'],
  ['onnxruntime', 'ONNX Runtime', 'peer-1'],
  ['tfjs-wasm', 'tfjs-wasm', 'peer-2'],
  ['plain', 'plain loop', 'baseline'],
]

/** candidates that would only crowd a plot take no part in its sweep. */
export const unplotted = ['lim, non-temporal', 'wasm stream', 'pool2d.fresh', 'tfjs-cpu']

export function linesOf({ points }: Sweep, value: (ms: number, bytes: number) => number): Line[] {
  return looks
    .map(([id, label, look]) => ({
      label,
      look,
      points: points
        .filter(({ ms }) => id in ms)
        .map(({ at, bytes, ms }) => [at, value(ms[id]!, bytes)] as const),
    }))
    .filter((line) => line.points.length > 0)
}
