/**
 * @file Norms and their gradients window by window, in float64: of elements whose powers leave the range in which vectors compute.
 */
import { tablesOf } from '../../../plan/tables.ts'
import { lpNorm, type Norm } from '../../../reducers/lp.ts'
import { windowsOf } from '../../reference/windows.ts'
import type { ElementType } from '../element-type.ts'
import { outputsOf } from '../folds/sums.ts'
import { inSizeOf, type LoweredPlan, outSizeOf } from '../tiles/lowered-plan.ts'
import type { TilePass } from '../tiles/tiling.ts'
import type { WasmInstance } from '../wasm-instance.ts'

/** Stores the shares of gradients dy in the elements that the windows read. True if one left the range of powers. */
export type Send = (x: number, shares: number, dy: number) => boolean

/** Below and above these magnitudes, 0 and infinity apart, powers may leave the range of float32. */
const [least, most] = [2 ** -36, 2 ** 36]

/** Norms of bfloat16 that `pass` computes in float32. Windows with an element beyond its range are computed by themselves. */
export function normsInRange(
  instance: WasmInstance,
  tile: LoweredPlan,
  norm: Norm,
  pass: (src: number, dst: number, values: number) => unknown,
): TilePass {
  const [inSize, outSize] = [tile.planes * inSizeOf(tile), tile.planes * outSizeOf(tile)]
  const without = withoutWild(instance, inSize)
  return (src, dst) => {
    if (!without(src, () => pass(src, dst, 0))) return
    const [x, y] = [instance.view(Float32Array, src, inSize), instance.view(Float32Array, dst, outSize)]
    windowNorms(tile, norm, x, y)
  }
}

/**
 * Returns a function that runs another while those of `size` elements that are beyond the range of float32 are NaN. So no other window
 * depends on them. True if there are any.
 */
function withoutWild(instance: WasmInstance, size: number): (src: number, run: () => void) => boolean {
  const hasWild = instance.kernel('hasWild')
  return (src, run) => {
    const isAny = hasWild(src, size) !== 0
    const elements = instance.view(Float32Array, src, size)
    const values = isAny ? elements.slice() : elements
    if (isAny) for (let i = 0; i < size; i++) if (isWild(values[i]!)) elements[i] = Number.NaN
    run()
    if (isAny) elements.set(values)
    return isAny
  }
}

/** `send` on a tile of windows, without the elements that are beyond the range of float32. */
export function sendInRange(instance: WasmInstance, windows: LoweredPlan, send: Send): Send {
  const without = withoutWild(instance, windows.planes * inSizeOf(windows))
  return (x, shares, dy) => {
    let isWild = false
    without(x, () => {
      isWild = send(x, shares, dy)
    })
    return isWild
  }
}

function isWild(value: number): boolean {
  const magnitude = Math.abs(value)
  return magnitude !== 0 && magnitude < Number.POSITIVE_INFINITY && (magnitude < least || magnitude > most)
}

/** Computes the norms that are NaN. */
export function windowNorms(
  tile: LoweredPlan,
  norm: Norm,
  x: ArrayLike<number>,
  y: Float32Array | Float64Array,
): void {
  const { planes, axes, inner } = tile
  const [inSize, outSize] = [inSizeOf(tile), outSizeOf(tile)]
  const { init, step, finish } = lpNorm(norm)
  for (const { output, positions, divisors } of windowsOf(axes)) {
    for (let plane = 0; plane < planes; plane++) {
      for (let c = 0; c < inner; c++) {
        const to = plane * outSize + output * inner + c
        if (y[to] === y[to]) continue
        let sum = init()
        for (const position of positions) sum = step(sum, x[plane * inSize + position * inner + c]!, position)
        y[to] = finish(sum, divisors) as number
      }
    }
  }
}

export interface Addresses {
  readonly gradients: number
  readonly values: number
  readonly dst: number
}

/**
 * Recomputes NaN results window by window, as ratios of a value and its norm y. Powers alone can leave the range of
 * float64.
 */
export function inputGrad(
  instance: WasmInstance,
  tile: LoweredPlan,
  { array }: ElementType,
  norm: Norm,
  at: Addresses,
  y: ArrayLike<number>,
): void {
  const { planes, axes, inner } = tile
  const [outSize, inSize] = [inSizeOf(tile), outSizeOf(tile)]
  const view = (address: number, size: number) => instance.view(array, address, planes * size)
  const dy = view(at.gradients, outSize)
  const [x, dx] = [view(at.values, inSize), view(at.dst, inSize)]
  const { gradient } = lpNorm(norm)
  const divisors = divisorsOf(tile)
  for (const { output: input, positions } of windowsOf(axes)) {
    for (let plane = 0; plane < planes; plane++) {
      for (let c = 0; c < inner; c++) {
        const to = plane * inSize + input * inner + c
        if (dx[to] === dx[to]) continue
        let sum = 0
        for (const position of positions) {
          const from = plane * outSize + position * inner + c
          sum += gradient(dy[from]!, x[to]!, y[from]!, divisors(position))
        }
        dx[to] = sum
      }
    }
  }
}

/** The divisors of an output of a plane along each axis. */
function divisorsOf(tile: LoweredPlan): (position: number) => readonly number[] {
  const [a, b, c] = outputsOf(tile).axes
  const [byA, byB, byC] = [a, b, c].map((axis) => tablesOf(axis).divisor)
  return (position) => [
    byA![Math.floor(position / (b.outSize * c.outSize))]! || 1,
    byB![Math.floor(position / c.outSize) % b.outSize]! || 1,
    byC![position % c.outSize]! || 1,
  ]
}
