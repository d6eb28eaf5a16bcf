/**
 * @file Who takes part, by name.
 */
import type { Entrant } from './contenders/contender.ts'
import { native, nativeNonTemporal } from './contenders/native.ts'
import { onnxruntime } from './contenders/onnxruntime.ts'
import { ours, oursCached, oursFresh, oursInMemory } from './contenders/ours.ts'
import { plain } from './contenders/plain.ts'
import { staging } from './contenders/staging.ts'
import { wasmFolds, wasmStream } from './contenders/stream.ts'
import { tfjsCpu, tfjsWasm } from './contenders/tfjs.ts'

export const entrants: readonly Entrant[] = [
  native,
  nativeNonTemporal,
  wasmStream,
  wasmFolds,
  staging,
  oursCached,
  oursInMemory,
  ours,
  oursFresh,
  onnxruntime,
  tfjsWasm,
  tfjsCpu,
  plain,
]
