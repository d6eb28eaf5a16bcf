/**
 * @file Who takes part, by name.
 */
import type { Candidate } from './candidate.ts'
import { native, nativeNonTemporal } from './native.ts'
import { onnxruntime } from './onnxruntime.ts'
import { ours, oursCached, oursFresh, oursInMemory } from './ours.ts'
import { plain } from './plain.ts'
import { staging } from './staging.ts'
import { wasmFolds, wasmStream } from './stream.ts'
import { tfjsCpu, tfjsWasm } from './tfjs.ts'

export const candidates: readonly Candidate[] = [
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
