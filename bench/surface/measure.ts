/**
 * @file Times a point in turns with a copy of its input.
 */
import { performance } from 'node:perf_hooks'
import { sizeOf } from '../../src/tensor/shape.ts'
import { callOf, isTimeOfElements, kernelsOf } from './call.ts'
import { emptyArray, numbersOf } from './data.ts'
import { idOf, type Point } from './points.ts'
import { elementsOf, shapeOf } from './shape.ts'

export interface Measured {
  readonly id: string
  readonly shape: readonly number[]
  /** The number of timed elements: the whole shape, except for slow points. */
  readonly timed: number
  readonly kernel: string
  /** Milliseconds of one call, and of the copy, at best. */
  readonly ms: number
  readonly copy: number
  readonly ratio: number
}

export interface TurnBudget {
  readonly turns: number
  /** Milliseconds after which a point gets no more turns. */
  readonly milliseconds: number
}

/** Milliseconds for which a turn repeats a short call. */
const turnLength = 0.4
/** Turns that every point gets, whatever they take, and those with calls of so many milliseconds. */
const leastTurns = 3
const [longCall, leastOfLong] = [40, 1]
/** Nanoseconds an element from which fewer elements are timed, and the time is scaled up. */
const slow = 50
const fewElements = 2 ** 14
/** Calls that tell whether a point is slow, and milliseconds for which slow ones are called. */
const leastCalls = 4
const patience = 100

export function measure(point: Point, budget: TurnBudget): Measured {
  const shape = shapeOf(point, elementsOf(point))
  const timed = isTimeOfElements(point) && isSlow(point) ? shapeOf(point, fewElements) : shape
  const call = callOf(point, timed)
  const x = numbersOf(point.dtype, sizeOf(shape))
  const target = emptyArray(point.dtype, x.length)
  const kernel = kernelsOf(call)
  const [few, copy] = timeInTurns(call.run, () => target.set(x as never), budget)
  const ms = few * (sizeOf(shape) / sizeOf(timed))
  return { id: idOf(point), shape, timed: sizeOf(timed), kernel, ms, copy, ratio: ms / copy }
}

/** The best of a few calls tells: the first ones also compile. Slow ones get time until they run optimized code. */
function isSlow(point: Point): boolean {
  const shape = shapeOf(point, fewElements)
  const { run } = callOf(point, shape)
  const limit = slow * 1e-6 * sizeOf(shape)
  const end = performance.now() + patience
  let best = Infinity
  for (let calls = 0; calls < leastCalls || (best > limit && performance.now() < end); calls++)
    best = Math.min(best, time(run, 1))
  return best > limit
}

/** The best of turns of each. */
function timeInTurns(run: () => void, copy: () => void, { turns, milliseconds }: TurnBudget) {
  copy()
  let best = time(run, 1)
  let bestCopy = time(copy, 1)
  const end = performance.now() + milliseconds
  const least = best > longCall ? leastOfLong : leastTurns
  for (let turn = 0; turn < turns && (turn < least || performance.now() < end); turn++) {
    best = Math.min(best, time(run, callsIn(best)))
    bestCopy = Math.min(bestCopy, time(copy, callsIn(bestCopy)))
  }
  return [best, bestCopy] as const
}

function callsIn(ms: number): number {
  return Math.max(1, Math.ceil(turnLength / ms))
}

function time(run: () => void, calls: number): number {
  const start = performance.now()
  for (let i = 0; i < calls; i++) run()
  return (performance.now() - start) / calls
}
