/**
 * @file How Lp norms are run: the root of an average of powers, and slopes that are handed out as an average's gradients are.
 */
import { lp, root } from '../../reducers/lp.ts'
import type { LpBackward, LpForward } from '../job.ts'
import { windowsOf } from '../reference/windows.ts'
import { isWide } from '../sum-order.ts'
import {
  directAverage,
  gatherPass,
  outputsOf,
  sharePairsPass,
  sharesPass,
  sumOp,
  wideAverage,
  wideGather,
} from './average.ts'
import { f64 } from './element-type.ts'
import type { Epilogue } from './epilogue.ts'
import { inSizeOf, type LoweredPlan, lowerPlan, lowerTransposed, outSizeOf } from './lowered-plan.ts'
import type { Op } from './pass.ts'
import { divisorOf } from './specialized.ts'
import { runTiles } from './tiling.ts'
import type { WasmInstance } from './wasm-instance.ts'

export function lpForward(instance: WasmInstance, job: LpForward): void {
  const { plan, x, y, norm } = job
  const op = sumOp(instance, f64)
  const lowered = lowerPlan(plan, true)
  const scale = scaleOf(lowered, norm.fullWindow)
  const ending = endingOf(scale)
  const wide = isWide(plan, 'forward')
  runTiles(instance, lowered, { x, y, kind: f64 }, false, (tile) => {
    const [inSize, outSize] = [tile.planes * inSizeOf(tile), tile.planes * outSizeOf(tile)]
    const sums = wide
      ? wideAverage(instance, lowered, ending.division, job.dtype, f64)(tile)
      : directAverage(op, tile, ending)
    const powers = instance.alloc(inSize * f64.bytes)
    return (src, dst) => {
      raise(instance, src, powers, inSize, norm.p)
      sums(powers, dst, 0)
      multiplyBy(instance, dst, outSize, scale)
      takeRoots(instance, dst, outSize, norm.p)
    }
  })
}

/** `sign(x) |x|^(p - 1)` times the sum of `dy y^(1 - p)` over all windows that hold x. */
export function lpBackward(instance: WasmInstance, job: LpBackward): void {
  const { plan, x, y, dy, dx, norm } = job
  const { p, fullWindow } = norm
  const op = sumOp(instance, f64)
  const lowered = lowerTransposed(plan)
  const wide = isWide(plan, 'backward') ? wideGather(instance, lowered, job.dtype) : null
  const scale = scaleOf(outputsOf(lowered), fullWindow)
  const weigh = instance.kernel('weigh')
  const operands = { x: dy, y: dx, kind: f64, along: { data: y, cell: f64 }, beside: x }
  runTiles(instance, lowered, operands, false, (tile) => {
    const [inSize, outSize] = [tile.planes * outSizeOf(tile), tile.planes * inSizeOf(tile)]
    const scaled = scaledGradPass(op, tile, scale)
    const gather = wide?.(tile) ?? sharePairsPass(instance, tile, f64, endingOf(1)) ?? gatherPass(op, tile)
    const shares = instance.alloc(outSize * f64.bytes)
    const powers = instance.alloc(inSize * f64.bytes)
    const sums = instance.alloc(inSize * f64.bytes)
    return (src, dst, norms, values) => {
      const gradients = scaled(src)
      raise(instance, norms, shares, outSize, 1 - p)
      const areShares = weigh(gradients, norms, shares, shares, outSize, 0) !== 0
      gather(shares, sums, 0)
      if (p !== 2) raise(instance, values, powers, inSize, p - 1)
      // Nothing is handed to what no window holds, not even to a NaN.
      const areSlopes = weigh(sums, values, p === 2 ? values : powers, dst, inSize, 1) !== 0
      if (!areShares || !areSlopes) inputGrad(instance, tile, p, { gradients, norms, values, dst })
    }
  })
}

/** What averages are multiplied by to be sums, scaled up where a window is cut short; 1 for sums as they are. */
function scaleOf(lowered: LoweredPlan, fullWindow: number | null): number {
  const divisor = divisorOf(lowered, { division: 'product', whole: null })
  return fullWindow === null || divisor === fullWindow ? 1 : fullWindow
}

function endingOf(scale: number): Epilogue {
  return { division: scale === 1 ? 1 : 'product', whole: null }
}

/** The gradients of outputs, scaled as their sums are. */
function scaledGradPass(op: Op, tile: LoweredPlan, scale: number): (src: number) => number {
  if (scale === 1) return (src) => src
  const { instance } = op
  const size = tile.planes * inSizeOf(tile)
  const scaled = instance.alloc(size * f64.bytes)
  const divide = sharesPass(op, tile, endingOf(scale))
  return (src) => {
    divide(src, scaled, 0)
    multiplyBy(instance, scaled, size, scale)
    return scaled
  }
}

function multiplyBy(instance: WasmInstance, at: number, size: number, scale: number): void {
  if (scale === 1) return
  const values = instance.view(Float64Array, at, size)
  for (let i = 0; i < size; i++) values[i]! *= scale
}

/** Whole powers up to this one are multiplied out. */
const mostFactors = 8

/** `dst = |src|^power` */
function raise(instance: WasmInstance, src: number, dst: number, size: number, power: number): void {
  if (Number.isInteger(power) && Math.abs(power) <= mostFactors) {
    instance.kernel('raise')(src, dst, size, power)
    return
  }
  const from = instance.view(Float64Array, src, size)
  const to = instance.view(Float64Array, dst, size)
  for (let i = 0; i < size; i++) to[i] = Math.abs(from[i]!) ** power
}

function takeRoots(instance: WasmInstance, at: number, size: number, p: number): void {
  if (p === 1) return
  const values = instance.view(Float64Array, at, size)
  for (let i = 0; i < size; i++) values[i] = root(values[i]!, p)
}

interface Addresses {
  readonly gradients: number
  readonly norms: number
  readonly values: number
  readonly dst: number
}

/** What came out as NaN window by window: a power by itself may leave what float64 holds, ratios of a value and its norm do not. */
function inputGrad(instance: WasmInstance, tile: LoweredPlan, p: number, at: Addresses): void {
  const { planes, axes, inner } = tile
  const [outSize, inSize] = [inSizeOf(tile), outSizeOf(tile)]
  const view = (address: number, size: number): Float64Array =>
    instance.view(Float64Array, address, planes * size)
  const [dy, y, x, dx] = [
    view(at.gradients, outSize),
    view(at.norms, outSize),
    view(at.values, inSize),
    view(at.dst, inSize),
  ]
  const { backward } = lp({ p, fullWindow: null })
  for (const { output: input, places } of windowsOf(axes)) {
    for (let plane = 0; plane < planes; plane++) {
      for (let c = 0; c < inner; c++) {
        const to = plane * inSize + input * inner + c
        if (dx[to] === dx[to]) continue
        let sum = 0
        for (const place of places) {
          const from = plane * outSize + place * inner + c
          sum += backward(dy[from]!, x[to]!, y[from]!, [])
        }
        dx[to] = sum
      }
    }
  }
}
