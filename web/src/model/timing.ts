/**
 * @file One worker's part of the race: its channels of the same random image, pooled by a kernel that is named.
 */
import type { Job } from '../../../src/kernels/job.ts'
import { kernels } from '../../../src/kernels/registry.ts'
import { planAxis } from '../../../src/plan/axis.ts'
import { resolveAxis } from '../../../src/plan/padding.ts'
import { rand } from '../../../src/tensor/create.ts'

export type RaceKind = 'max' | 'average'
export type RaceBackend = 'reference' | 'simd' | 'wasm'

export interface RaceTask {
  readonly kind: RaceKind
  readonly backend: RaceBackend
  readonly side: number
  readonly window: number
  readonly stride: number
  /** Channels [from, to) are this worker's. */
  readonly from: number
  readonly to: number
}

export interface RaceReady {
  /** Why this kernel does not run here; null if it does. */
  readonly reason: string | null
  /** Elements read and written in one run. */
  readonly elements: number
}

let prepared: { readonly run: () => void; readonly y: Float32Array; readonly plane: number } | null = null

/** Draws the numbers and runs once, so that compiling is not timed. */
export function prepareRace(task: RaceTask): RaceReady {
  const job = jobOf(task)
  const id = `${task.kind}.f32.forward.${task.backend}`
  const kernel = kernels.find((each) => each.id === id)
  const verdict = kernel === undefined ? id : kernel.supports(job)
  const { x, y } = job as { x: Float32Array; y: Float32Array }
  const elements = x.length + y.length
  if (kernel === undefined || verdict !== true) return { reason: String(verdict), elements }
  prepared = { run: () => kernel.run(job), y, plane: y.length / Math.max(1, task.to - task.from) }
  prepared.run()
  return { reason: null, elements }
}

export function runRace(): number {
  const began = performance.now()
  prepared?.run()
  return performance.now() - began
}

/** A number per channel that depends on every bit of its output. */
export function hashRace(): readonly number[] {
  if (prepared === null) return []
  const { y, plane } = prepared
  const bits = new Uint32Array(y.buffer, y.byteOffset, y.length)
  const hashes: number[] = []
  for (let start = 0; start < bits.length; start += plane) {
    let hash = 0x811c9dc5
    for (let i = start; i < start + plane; i++) hash = Math.imul(hash ^ bits[i]!, 0x01000193)
    hashes.push(hash >>> 0)
  }
  return hashes
}

function jobOf({ kind, side, window, stride, from, to }: RaceTask): Job {
  const axis = planAxis(
    resolveAxis({ inSize: side, window, stride, dilation: 1, padding: [0, 0], ceilMode: false }),
    false,
  )
  const channels = to - from
  const x = new Float32Array(channels * side * side)
  for (let channel = from; channel < to; channel++) {
    x.set(rand([side * side], { seed: channel }).data, (channel - from) * side * side)
  }
  const y = new Float32Array(channels * axis.outSize * axis.outSize)
  const plan = { outer: channels, axes: [axis, axis], inner: 1 }
  return kind === 'max'
    ? { reducer: 'max', pass: 'forward', dtype: 'float32', plan, x, y, indices: null }
    : {
        reducer: 'average',
        pass: 'forward',
        dtype: 'float32',
        division: 'product',
        rounding: 'trunc',
        exact: true,
        plan,
        x,
        y,
      }
}
