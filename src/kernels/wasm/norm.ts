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
import type { Ending } from './divide.ts'
import { backwardFrameOf, type Frame, frameOf, inSizeOf, outSizeOf } from './frame.ts'
import { f64 } from './kind.ts'
import type { Machine } from './machine.ts'
import type { Op } from './pass.ts'
import { divisorOf } from './special.ts'
import { runTiles } from './stage.ts'

export function lpForward(machine: Machine, job: LpForward): void {
  const { plan, x, y, norm } = job
  const op = sumOp(machine, f64)
  const frame = frameOf(plan, true)
  const scale = scaleOf(frame, norm.fullWindow)
  const ending = endingOf(scale)
  const wide = isWide(plan, 'forward')
  runTiles(machine, frame, { x, y, kind: f64 }, false, (tile) => {
    const [inSize, outSize] = [tile.planes * inSizeOf(tile), tile.planes * outSizeOf(tile)]
    const sums = wide
      ? wideAverage(machine, frame, ending.division, job.dtype, f64)(tile)
      : directAverage(op, tile, ending)
    const powers = machine.take(inSize * f64.bytes)
    return (src, dst) => {
      raise(machine, src, powers, inSize, norm.p)
      sums(powers, dst, 0)
      multiplyBy(machine, dst, outSize, scale)
      takeRoots(machine, dst, outSize, norm.p)
    }
  })
}

/** `sign(x) |x|^(p - 1)` times the sum of `dy y^(1 - p)` over all windows that hold x. */
export function lpBackward(machine: Machine, job: LpBackward): void {
  const { plan, x, y, dy, dx, norm } = job
  const { p, fullWindow } = norm
  const op = sumOp(machine, f64)
  const frame = backwardFrameOf(plan)
  const wide = isWide(plan, 'backward') ? wideGather(machine, frame, job.dtype) : null
  const scale = scaleOf(outputsOf(frame), fullWindow)
  const weigh = machine.kernel('weighF64')
  const operands = { x: dy, y: dx, kind: f64, along: { data: y, cell: f64 }, beside: x }
  runTiles(machine, frame, operands, false, (tile) => {
    const [inSize, outSize] = [tile.planes * outSizeOf(tile), tile.planes * inSizeOf(tile)]
    const scaled = scaledPass(op, tile, scale)
    const gather = wide?.(tile) ?? sharePairsPass(machine, tile, f64, endingOf(1)) ?? gatherPass(op, tile)
    const shares = machine.take(outSize * f64.bytes)
    const powers = machine.take(inSize * f64.bytes)
    const sums = machine.take(inSize * f64.bytes)
    return (src, dst, norms, values) => {
      const gradients = scaled(src)
      raise(machine, norms, shares, outSize, 1 - p)
      const areShares = weigh(gradients, norms, shares, shares, outSize, 0) !== 0
      gather(shares, sums, 0)
      if (p !== 2) raise(machine, values, powers, inSize, p - 1)
      // Nothing is handed to what no window holds, not even to a NaN.
      const areSlopes = weigh(sums, values, p === 2 ? values : powers, dst, inSize, 1) !== 0
      if (!areShares || !areSlopes) slopes(machine, tile, p, { gradients, norms, values, dst })
    }
  })
}

/** What averages are multiplied by to be sums, scaled up where a window is cut short; 1 for sums as they are. */
function scaleOf(frame: Frame, fullWindow: number | null): number {
  const divisor = divisorOf(frame, { division: 'product', whole: null })
  return fullWindow === null || divisor === fullWindow ? 1 : fullWindow
}

function endingOf(scale: number): Ending {
  return { division: scale === 1 ? 1 : 'product', whole: null }
}

/** The gradients of outputs, scaled as their sums are. */
function scaledPass(op: Op, tile: Frame, scale: number): (src: number) => number {
  if (scale === 1) return (src) => src
  const { machine } = op
  const size = tile.planes * inSizeOf(tile)
  const scaled = machine.take(size * f64.bytes)
  const divide = sharesPass(op, tile, endingOf(scale))
  return (src) => {
    divide(src, scaled, 0)
    multiplyBy(machine, scaled, size, scale)
    return scaled
  }
}

function multiplyBy(machine: Machine, at: number, size: number, scale: number): void {
  if (scale === 1) return
  const values = machine.view(Float64Array, at, size)
  for (let i = 0; i < size; i++) values[i]! *= scale
}

/** Whole powers up to this one are multiplied out. */
const mostFactors = 8

/** `dst = |src|^power` */
function raise(machine: Machine, src: number, dst: number, size: number, power: number): void {
  if (Number.isInteger(power) && Math.abs(power) <= mostFactors) {
    machine.kernel('raiseF64')(src, dst, size, power)
    return
  }
  const from = machine.view(Float64Array, src, size)
  const to = machine.view(Float64Array, dst, size)
  for (let i = 0; i < size; i++) to[i] = Math.abs(from[i]!) ** power
}

function takeRoots(machine: Machine, at: number, size: number, p: number): void {
  if (p === 1) return
  const values = machine.view(Float64Array, at, size)
  for (let i = 0; i < size; i++) values[i] = root(values[i]!, p)
}

interface Addresses {
  readonly gradients: number
  readonly norms: number
  readonly values: number
  readonly dst: number
}

/** What came out as NaN window by window: a power by itself may leave what float64 holds, ratios of a value and its norm do not. */
function slopes(machine: Machine, tile: Frame, p: number, at: Addresses): void {
  const { planes, axes, inner } = tile
  const [outSize, inSize] = [inSizeOf(tile), outSizeOf(tile)]
  const view = (address: number, size: number): Float64Array =>
    machine.view(Float64Array, address, planes * size)
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
