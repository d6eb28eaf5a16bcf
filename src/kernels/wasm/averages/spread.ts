/**
 * @file Gradients of windows that do not overlap: each input belongs to one window at most, whose share is repeated.
 */
import { statsOf, tablesOf } from '../../../plan/tables.ts'
import { writeBlock } from '../block.ts'
import type { ElementType } from '../element-type.ts'
import type { Op, Pass } from '../pass.ts'
import { type Axis, inSizeOf, type LoweredPlan } from '../tiles/lowered-plan.ts'
import type { WasmInstance } from '../wasm-instance.ts'

/** `tile` is of a transposed plan. */
export function areApart({ axes }: LoweredPlan): boolean {
  return axes.every((axis) => statsOf(axis).mostTaps <= 1)
}

/** Repeats shares; of half precision as their bits. */
export function spreadPass(
  instance: WasmInstance,
  { planes, axes, inner }: LoweredPlan,
  { name, bytes }: Pick<ElementType, 'name' | 'bytes'>,
): Pass {
  const run = instance.kernel(`spread${name}`)
  const block = writeBlock(instance, parametersOf(instance, { planes, axes, inner }, bytes))
  return (src, dst) => void run(block(src, dst))
}

/** Sums shares, one for each input, into gradients of norms. True if one left the range of powers. */
export function spreadNormsPass(
  { instance, kind: shared }: Op,
  kind: ElementType,
  p: number,
  tile: LoweredPlan,
): (shares: number, dst: number, values: number) => boolean {
  const run = instance.kernel(`spreadNorms${kind.name}${shared.name}`)
  const block = writeBlock(instance, [...parametersOf(instance, tile, shared.bytes), p])
  return (shares, dst, values) => run(block(shares, dst, values)) !== 0
}

/** Bytes that the kernels may read past the end of the shares, and write past that of a row of them. */
export const spare = 32

function parametersOf(instance: WasmInstance, tile: LoweredPlan, bytes: number): readonly number[] {
  const { planes, inner } = tile
  const [a, b, c] = tile.axes
  const pixel = inner * bytes
  const row = c.inSize * pixel
  const [ofA, ofB] = [windowsOf(a), windowsOf(b)]
  const rows = ofA.flatMap((i) => ofB.map((j) => (i < 0 || j < 0 ? -1 : (i * b.inSize + j) * row)))
  const runs = runsIn(c).flatMap(({ window, count, length, gap }) => [window * pixel, count, length, gap])
  const n = c.outSize * inner
  return [
    ...[planes, inSizeOf(tile) * bytes, rows.length, ints(instance, rows)],
    ...[n, runs.length / 4, ints(instance, runs), pixel, instance.alloc(n * bytes + spare)],
  ]
}

/** The window that reads each input along an axis; -1 for none. */
function windowsOf(axis: Axis): readonly number[] {
  const { first, taps } = tablesOf(axis)
  return Array.from(taps, (count, i) => (count === 0 ? -1 : first[i]!))
}

/** Windows in turn that read as many inputs, with as many between them and the next that no window reads. */
interface Run {
  readonly window: number
  count: number
  readonly length: number
  readonly gap: number
}

function runsIn(axis: Axis): readonly Run[] {
  const { source } = axis
  return source !== null && source.regular !== null && source.step === 1
    ? regularRuns(axis, source.regular)
    : runsByTable(axis)
}

/** Of windows without dilation: those between the first and the last are alike. */
function regularRuns(
  { origin, begin, inSize, outSize }: Axis,
  { window, stride, padBefore }: NonNullable<Axis['regular']>,
): readonly Run[] {
  const runs: Run[] = []
  const clip = (at: number): number => Math.max(0, Math.min(outSize, at))
  const startOf = (i: number): number => (i < inSize ? (origin + i) * stride - padBefore - begin : outSize)
  if (startOf(0) > 0) runs.push({ window: 0, count: 1, length: 0, gap: clip(startOf(0)) })
  for (let i = 0; i < inSize; i++) {
    const [from, to, next] = [startOf(i), startOf(i) + window, startOf(i + 1)].map(clip) as [
      number,
      number,
      number,
    ]
    const isInside = startOf(i) >= 0 && startOf(i) + stride <= outSize
    const alike = isInside ? Math.min(inSize - 2 - i, Math.floor((outSize - stride - from) / stride)) : 0
    const more = Math.max(0, alike)
    runs.push({ window: i, count: 1 + more, length: to - from, gap: next - to })
    i += more
  }
  return runs
}

function runsByTable(axis: Axis): readonly Run[] {
  const { first, taps } = tablesOf(axis)
  const runs: Run[] = []
  for (let i = 0; i < taps.length; ) {
    const from = i
    // Inputs in front of the first window are a gap after no inputs of it.
    const window = taps[i] === 0 ? 0 : first[i]!
    while (i < taps.length && taps[i]! > 0 && first[i] === window) i++
    const length = i - from
    while (i < taps.length && taps[i] === 0) i++
    const gap = i - from - length
    const last = runs.at(-1)
    if (last?.length === length && last.gap === gap && last.window + last.count === window) last.count++
    else runs.push({ window, count: 1, length, gap })
  }
  return runs
}

function ints(instance: WasmInstance, numbers: readonly number[]): number {
  const address = instance.alloc(4 * numbers.length)
  instance.ints.set(numbers, address >> 2)
  return address
}
