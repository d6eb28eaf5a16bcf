/**
 * @file Counts the elements that are left in windows, in vectors, and finds the windows with too few.
 */
import { inPlane, outPlane, type PoolPlan } from '../../../plan/pool-plan.ts'
import { tuning } from '../../tuning.ts'
import { type ElementType, i32, u8 } from '../element-type.ts'
import { runAgain } from '../tiles/kept-jobs.ts'
import { inSizeOf, type LoweredPlan, lowerPlan, outSizeOf } from '../tiles/lowered-plan.ts'
import { type Held, type Operands, prepareTiles, runTiles, type TilePass } from '../tiles/tiling.ts'
import { trimInstance, type WasmInstance, wasmInstanceOf } from '../wasm-instance.ts'
import { countPass } from './count-pass.ts'

/** What was found beside the counts. */
export interface Found {
  /** True if every mark is 0 or 1; null if they were not looked at. */
  readonly areBits: boolean | null
  /** The least count, if counts are bytes; else null. */
  readonly least: number | null
}

/**
 * Counts the marks in each window: 32-bit numbers, or bytes, which must hold them. Returns null, having written nothing, if there is
 * no WebAssembly with SIMD here, or the windows do not fit it.
 */
export function countInVectors(
  plan: PoolPlan,
  marks: Uint8Array,
  counts: Uint8Array | Int32Array,
): Found | null {
  const instance = wasmInstanceOf('simd')
  if ('reason' in instance || plan.axes.length > 3 || inPlane(plan) * plan.inner > mostElements) return null
  const job: Counting = { plan, x: marks, y: counts, found: null }
  const started = performance.now()
  try {
    const isKnown = runAgain<Counting>(instance, counting, job, (form) => {
      const held: Held = { operands: operandsOf(form) }
      const none = held.operands
      const { compile, watch } = counterOf(instance, form)
      const run = prepareTiles(instance, lowerPlan(plan, true), held, false, compile)
      return (again) => {
        held.operands = operandsOf(again)
        again.found = watch(run)
        held.operands = none
      }
    })
    if (isKnown) return job.found
    const { compile, watch } = counterOf(instance, job)
    return watch(() => runTiles(instance, lowerPlan(plan, true), operandsOf(job), false, compile))
  } finally {
    trimInstance('simd', started)
  }
}

interface Counting {
  readonly plan: PoolPlan
  readonly x: Uint8Array
  readonly y: Uint8Array | Int32Array
  found: Found | null
}

/** Stands for the method among the kinds of jobs that come again. */
const counting = {}

function operandsOf({ x, y }: Counting): Operands {
  return { x, y, kind: kindOf(y), read: u8 }
}

function kindOf(counts: Uint8Array | Int32Array): ElementType {
  return counts instanceof Uint8Array ? u8 : i32
}

/** Passes that count, and look at what they read and write. */
function counterOf(
  instance: WasmInstance,
  { plan, y }: Counting,
): {
  readonly compile: (tile: LoweredPlan) => TilePass
  /** What the passes find while `run` runs them. */
  readonly watch: (run: () => void) => Found
} {
  const kind = kindOf(y)
  /** Planes that are not cut lie in one tile each. */
  const isWhole = (inPlane(plan) + outPlane(plan)) * plan.inner * kind.bytes <= tuning.tileBytes
  let areBits: boolean | null = null
  let least: number | null = null
  const [check, lowest] = [instance.kernel('areBits'), instance.kernel('leastByte')]
  return {
    compile(tile) {
      const [inSize, outSize] = [tile.planes * inSizeOf(tile), tile.planes * outSizeOf(tile)]
      const count = countPass(instance, tile, kind)
      return (src, dst) => {
        if (areBits === true) areBits = check(src, inSize) !== 0
        count(src, dst, 0)
        if (least !== null) least = Math.min(least, lowest(dst, outSize))
      }
    },
    watch(run) {
      areBits = isWhole ? true : null
      least = kind === u8 ? 255 : null
      run()
      return { areBits, least }
    },
  }
}

/** Elements of a plane up to which its windows surely fit the memory. */
const mostElements = 2 ** 26

/** Bytes that are looked at together. */
const part = 2 ** 16

/** True if every byte is 0 or 1; null if there is no WebAssembly with SIMD here. */
export function areBitsInVectors(bytes: Uint8Array): boolean | null {
  const instance = wasmInstanceOf('simd')
  if ('reason' in instance) return null
  instance.release()
  const size = Math.min(part, bytes.length)
  const src = instance.alloc(size)
  const check = instance.kernel('areBits')
  const inside = instance.view(Uint8Array, src, size)
  for (let at = 0; at < bytes.length; at += part) {
    const count = Math.min(part, bytes.length - at)
    inside.set(bytes.subarray(at, at + count))
    if (check(src, count) === 0) return false
  }
  return true
}

/** The same for bytes that lie in the memory of the kernels, where they are; null for others. */
export function areBitsInPlace(bytes: Uint8Array): boolean | null {
  const instance = wasmInstanceOf('simd')
  if ('reason' in instance || bytes.buffer !== instance.memory.buffer) return null
  return instance.kernel('areBits')(bytes.byteOffset, bytes.length) !== 0
}

/** The positions of the bytes below `bound`, in order. Null if there is no WebAssembly with SIMD here. */
export function positionsInVectors(bytes: Uint8Array, bound: number): Int32Array | null {
  const instance = wasmInstanceOf('simd')
  if ('reason' in instance) return null
  instance.release()
  const size = Math.min(part, bytes.length)
  const [src, dst] = [instance.alloc(size), instance.alloc(4 * size)]
  const find = instance.kernel('positionsBelow')
  const inside = instance.view(Uint8Array, src, size)
  const found: Int32Array[] = []
  let total = 0
  for (let at = 0; at < bytes.length; at += part) {
    const count = Math.min(part, bytes.length - at)
    inside.set(bytes.subarray(at, at + count))
    const number = find(src, count, bound, at, dst)
    if (number === 0) continue
    found.push(instance.view(Int32Array, dst, number).slice())
    total += number
  }
  if (found.length === 1) return found[0]!
  const positions = new Int32Array(total)
  let at = 0
  for (const piece of found) {
    positions.set(piece, at)
    at += piece.length
  }
  return positions
}
