/**
 * @file Max and min with positions over windows of stride 1 along one axis, in steps: each joins two or three windows
 * of the step before, which may overlap, to longer ones. A window of 31 takes four steps. Neighbours along the axis lie
 * any number of elements apart, so rows, columns and channels are the same runs.
 */
import { Block } from './block'
import { addPositions, loadPositions, positionBytes, splatPosition, storePositions } from './positions'
import { beats, identity, join } from './reducers'
import { lanes, probeOne, sawNaN, vectorStart } from './vectors'

@unmanaged
class ArgSteps extends Block {
  /** Runs in `planes` groups: bytes of values from one to the next. Positions lie alike. */
  planes: i32
  srcPlane: usize
  dstPlane: usize
  runs: i32
  srcRun: usize
  dstRun: usize
  /** Elements of a run that are read, and of its results. */
  n: i32
  results: i32
  /** A run with margins of the neutral element, and the elements before it; 0 if no window reaches beyond a run. */
  padded: usize
  before: i32
  /** Results of all steps but the last. */
  values: usize
  positions: usize
  steps: i32
  table: usize
  /** Positions of the values; or 0, and then those of the first taps of a run, which the numbers below move. */
  starts: usize
  ramp: usize
  planeStep: i32
  runStep: i32
  /** True if a result may be the neutral element of a margin. */
  checks: i32
}

/** Joins element i with those at i + first and, if it is not 0, at i + second; their positions are that much larger. */
@unmanaged
class Step {
  first: i32
  second: i32
  firstAdd: i32
  secondAdd: i32
}

/** @returns true if a NaN or the place of a neutral element may be lost */
@inline
export function argSteps<T, R>(block: usize): bool {
  const g = changetype<ArgSteps>(block)
  let odd = v128.splat<i32>(0)
  let probe = v128.splat<T>(<T>0)
  for (let plane = 0; plane < g.planes; plane++) {
    for (let r = 0; r < g.runs; r++) {
      const before = <usize>plane * g.srcPlane + <usize>r * g.srcRun
      let src = g.src + before
      let starts = g.starts + (before / sizeof<T>()) * positionBytes<T>()
      if (g.ramp != 0) {
        probe = probeOne<T>(probe, bring<T>(src, g.padded, g.before, g.n))
        if (g.padded != 0) src = g.padded
      }
      const done = <usize>plane * g.dstPlane + <usize>r * g.dstRun
      let left = 0
      for (let i = g.steps - 1; i >= 0; i--) left += reachOf(stepAt(g, i))
      for (let i = 0; i < g.steps; i++) {
        const step = stepAt(g, i)
        left -= reachOf(step)
        const isLast = i + 1 == g.steps
        const to = isLast ? g.dst + done : g.values
        const positions = isLast ? g.indices + (done / sizeof<T>()) * positionBytes<T>() : g.positions
        const n = g.results + left
        const base = g.planeStep * plane + g.runStep * r
        const ramp = isLast ? g.ramp : 0
        const seen =
          i == 0 && g.ramp != 0
            ? joinRun<T, R, First>(step, src, 0, to, positions, n, isLast, ramp, base)
            : joinRun<T, R, Later>(step, src, starts, to, positions, n, isLast, ramp, base)
        if (isLast) odd = v128.or(odd, seen)
        src = to
        starts = positions
      }
    }
  }
  return sawNaN<T>(probe) || (g.checks != 0 && v128.any_true(odd))
}

@inline
function stepAt(g: ArgSteps, i: i32): Step {
  return changetype<Step>(g.table + i * offsetof<Step>())
}

@inline
function reachOf(step: Step): i32 {
  return step.first > step.second ? step.first : step.second
}

/** Type arguments: elements without positions yet, and those that have them. */
type First = u8
type Later = u16

/** @returns lanes in which the result is the neutral element */
function joinRun<T, R, P>(
  step: Step,
  src: usize,
  starts: usize,
  dst: usize,
  positions: usize,
  n: i32,
  isLast: bool,
  ramp: usize,
  base: i32,
): v128 {
  const first = <usize>step.first * sizeof<T>()
  const second = <usize>step.second * sizeof<T>()
  const firstAdd = splatPosition<T>(step.firstAdd)
  const secondAdd = splatPosition<T>(step.secondAdd)
  const firstPlace = <usize>step.first * positionBytes<T>()
  const secondPlace = <usize>step.second * positionBytes<T>()
  const bases = splatPosition<T>(base)
  const neutral = v128.splat<T>(identity<T, R>())
  let seen = v128.splat<i32>(0)
  for (let i = 0; i < n; i += lanes<T>()) {
    const j = isLast ? vectorStart<T>(i, n) : i
    const at = src + <usize>j * sizeof<T>()
    const place = starts + <usize>j * positionBytes<T>()
    let best = v128.load(at)
    const next = v128.load(at + first)
    const better = beats<T, R>(next, best)
    let position =
      sizeof<P>() == 1
        ? v128.and(better, firstAdd)
        : v128.bitselect(
            addPositions<T>(loadPositions<T>(place + firstPlace), firstAdd),
            loadPositions<T>(place),
            better,
          )
    best = join<T, R>(best, next)
    if (second != 0) {
      const last = v128.load(at + second)
      const isBest = beats<T, R>(last, best)
      const from = sizeof<P>() == 1 ? secondAdd : addPositions<T>(loadPositions<T>(place + secondPlace), secondAdd)
      position = v128.bitselect(from, position, isBest)
      best = join<T, R>(best, last)
    }
    if (ramp != 0)
      position = addPositions<T>(
        position,
        addPositions<T>(loadPositions<T>(ramp + <usize>j * positionBytes<T>()), bases),
      )
    if (isLast) seen = v128.or(seen, v128.eq<T>(best, neutral))
    v128.store(dst + <usize>j * sizeof<T>(), best)
    storePositions<T>(positions + <usize>j * positionBytes<T>(), position)
  }
  return seen
}

/** Copies a run between its margins, if it has any. @returns a probe of its elements */
function bring<T>(src: usize, padded: usize, before: i32, n: i32): v128 {
  let probe = v128.splat<T>(<T>0)
  const to = padded + <usize>before * sizeof<T>()
  let i = 0
  for (; i + lanes<T>() <= n; i += lanes<T>()) {
    const value = v128.load(src + <usize>i * sizeof<T>())
    probe = probeOne<T>(probe, value)
    if (padded != 0) v128.store(to + <usize>i * sizeof<T>(), value)
  }
  for (; i < n; i++) {
    const value = load<T>(src + <usize>i * sizeof<T>())
    probe = probeOne<T>(probe, v128.splat<T>(value))
    if (padded != 0) store<T>(to + <usize>i * sizeof<T>(), value)
  }
  return probe
}
