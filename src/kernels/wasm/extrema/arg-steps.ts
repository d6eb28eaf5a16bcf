/**
 * @file Max and min with positions over windows of stride 1, axis by axis and plane by plane, see assembly/arg-steps.ts.
 */
import { statsOf } from '../../../plan/tables.ts'
import { writeBlock } from '../block.ts'
import { type ElementType, i16, i32, lanesOf, u16 } from '../element-type.ts'
import { withNaNFallback } from '../folds/specialized.ts'
import type { Op, Pass } from '../pass.ts'
import { type Axis, inSizeOf, type LoweredPlan, outSizeOf } from '../tiles/lowered-plan.ts'
import type { WasmInstance } from '../wasm-instance.ts'

/** With so many channels, taps are runs themselves: windows of two along an axis do not gain. */
const manyChannels = 16
const mostPair = 2

/** What the passes read of an operation: floats, or halves as 16-bit keys. */
type Compared = Pick<Op, 'instance' | 'kind' | 'padValue'>

/** True for windows of stride 1 without empty ones, and rows of at least a vector of outputs. */
export function fitsArgSteps({ instance, kind }: Compared, { axes, inner }: LoweredPlan): boolean {
  return (
    instance.isSimd &&
    (kind.float || kind === i16) &&
    axes[2].outSize * inner >= lanesOf(kind) &&
    (inner < manyChannels || axes.some((axis) => statsOf(axis).mostTaps > mostPair)) &&
    axes.every((axis) => axis.regular?.stride === 1 && statsOf(axis).fewestTaps > 0)
  )
}

/** Elements from one position along an axis to the next, and planes of it that lie apart. */
interface View {
  readonly axis: Axis
  readonly n: number
  readonly planes: number
}

/** An axis that no window leaves is a view of its own only if it is the last. */
function viewsOf({ axes: [a, b, c], inner }: LoweredPlan): readonly View[] {
  const rows = c.outSize * inner
  return [
    { axis: c, n: inner, planes: a.inSize * b.inSize },
    { axis: b, n: rows, planes: a.inSize },
    { axis: a, n: rows * b.outSize, planes: 1 },
  ].filter(({ axis }, i) => i === 0 || axis.regular!.window > 1 || axis.inSize !== axis.outSize)
}

/** @param general  compiles the pass for tiles in which a NaN may be lost */
export function argStepsPass(op: Op, name: string, tile: LoweredPlan, general: () => Pass): Pass {
  return withNaNFallback(argSteps(op, name, tile), general)
}

/** The elements whose positions have 16 bits: positions of larger planes do not fit. */
export const mostPositions = 2 ** 16

function positionsOf({ bytes }: ElementType): ElementType {
  return bytes === 2 ? u16 : i32
}

/** Indices have the bits of `positionsOf`. The pass gives 1 if a NaN may be lost, else 0. */
export function argSteps(
  op: Compared,
  name: string,
  tile: LoweredPlan,
): (src: number, dst: number, indices: number) => number {
  const { instance, kind } = op
  const {
    axes: [a, b, c],
    planes,
  } = tile
  const run = instance.kernel(name)
  const views = viewsOf(tile)
  const pads = views.map(({ axis, n }) => marginsOf(axis, n))
  const checks = Number(pads.some(({ before, after }) => before + after > 0))
  const rooms = views.map((view, i) => (i === 0 ? inPlace : roomOf(op, view, pads[i]!)))
  const most = Math.max(...views.map(({ axis, n }, i) => pads[i]!.before + axis.inSize * n + pads[i]!.after))
  const place = positionsOf(kind).bytes
  const [values, positions] = [alloc(instance, most * kind.bytes), alloc(instance, most * place)]
  const passes = views.map(({ axis, n }, i) => {
    const to = rooms[i + 1]
    const isFirst = i === 0
    const steps = stepsOf(axis, n, isFirst)
    const results = axis.outSize * n
    const [groups, runs] = isFirst ? [a.inSize, b.inSize] : [1, views[i]!.planes]
    const { before, after } = pads[i]!
    const margins = isFirst && before + after > 0 ? padding(op, before + axis.inSize * n + after) : 0
    const srcRun = isFirst ? axis.inSize * n : rooms[i]!.plane
    const dstPlane = isFirst && to !== undefined && views[1]!.axis === b ? to.plane : results * runs
    const block = writeBlock(instance, [
      ...[groups, srcRun * runs * kind.bytes, dstPlane * kind.bytes],
      ...[runs, srcRun * kind.bytes, results * kind.bytes, axis.inSize * n, results],
      ...[margins, before, values, positions, steps.length / 4, ints(instance, steps)],
      ...[isFirst ? 0 : rooms[i]!.positions, isFirst ? rampOf(op, tile) : 0],
      ...[b.length * c.length, c.length, checks],
    ])
    return { block, from: rooms[i]!, to }
  })
  const [inPlane, outPlane] = [inSizeOf(tile) * kind.bytes, outSizeOf(tile)]
  return (src, dst, indices) => {
    for (let plane = 0; plane < planes; plane++) {
      for (const { block, from, to } of passes) {
        const at = from.values === 0 ? src + plane * inPlane : from.values
        const out =
          to === undefined ? dst + plane * outPlane * kind.bytes : to.values + to.before * kind.bytes
        const places =
          to === undefined ? indices + plane * outPlane * place : to.positions + to.before * place
        if (run(block(at, out, places)) !== 0) return 1
      }
    }
    return 0
  }
}

/** Scratch between two axes: planes of values and their positions, with margins. */
interface Room {
  readonly values: number
  readonly positions: number
  /** Elements of a plane, and of the margin in front of it. */
  readonly plane: number
  readonly before: number
}

/** The first axis reads the input itself. */
const inPlace: Room = { values: 0, positions: 0, plane: 0, before: 0 }

function roomOf(op: Compared, { planes, n, axis }: View, { before, after }: Margins): Room {
  const { instance } = op
  const plane = before + axis.inSize * n + after
  const [values, room] = [padding(op, planes * plane), planes * plane]
  const { array, bytes } = positionsOf(op.kind)
  const positions = alloc(instance, room * bytes)
  instance.view(array, positions, room).fill(0)
  return { values, positions, plane, before }
}

/** Elements that never win. */
function padding({ instance, kind, padValue }: Compared, length: number): number {
  const at = alloc(instance, length * kind.bytes)
  instance.view(kind.array, at, length).fill(padValue as number)
  return at
}

/** Vectors read and write past the end. */
function alloc(instance: WasmInstance, bytes: number): number {
  return instance.alloc(bytes + 64)
}

function ints(instance: WasmInstance, numbers: readonly number[]): number {
  const address = instance.alloc(4 * numbers.length)
  instance.ints.set(numbers, address >> 2)
  return address
}

/** The position of the first tap of each element of a row of outputs, in the first row. */
function rampOf({ instance, kind }: Compared, { axes: [a, b, c], inner }: LoweredPlan): number {
  const first = (a.origin * b.length + b.origin) * c.length + c.origin - c.regular!.padBefore
  const length = c.outSize * inner
  const { array, bytes } = positionsOf(kind)
  const address = instance.alloc(bytes * length)
  const ramp = instance.view(array, address, length)
  for (let i = 0, at = 0; i < c.outSize; i++)
    for (let channel = 0; channel < inner; channel++) ramp[at++] = first + i
  return address
}

interface Margins {
  readonly before: number
  readonly after: number
}

/** Elements of margin in front of an axis and behind it. */
function marginsOf({ regular, step, inSize, outSize }: Axis, n: number): Margins {
  const { window, padBefore } = regular!
  const reach = outSize + (window - 1) * step - padBefore
  return { before: Math.max(0, padBefore) * n, after: Math.max(0, reach - inSize) * n }
}

/** Steps from windows of one tap to whole ones: two distances in elements, and in positions if they are not known yet. */
function stepsOf({ regular, step }: Axis, n: number, adds: boolean): number[] {
  const { window } = regular!
  const steps: number[] = []
  for (let taps = 1; taps < window || steps.length === 0; ) {
    const isPair = 2 * taps >= window
    const [first, second] = isPair ? [window - taps, 0] : [taps, Math.min(2 * taps, window - taps)]
    const places = [first, second].map((distance) => (adds ? distance * step : 0))
    steps.push(first * step * n, second * step * n, ...places)
    taps = isPair ? window : second + taps
  }
  return steps
}
