/**
 * @file A step: one shader over one job's windows. Recording it cuts it where a binding would be too large, or a dispatch
 * would run too long.
 */
import { invalid } from '../../errors.ts'
import { dtypes } from '../../tensor/dtype.ts'
import type { Spent } from './buffer-cache.ts'
import type { Context } from './context.ts'
import { usages } from './device.ts'
import type { Group, Space } from './groups.ts'
import { type TableSource, tableWords, writeTables } from './plan-tables.ts'
import type { GpuDType } from './wgsl/elements.ts'
import { groupSize, type Program } from './wgsl/program.ts'

/** Elements of a buffer, in as many equal parts as the step has planes. */
export interface Slice {
  readonly buffer: GPUBuffer | Space
  /** Bytes before the first element. */
  readonly offset: number
  readonly dtype: GpuDType
  /** Elements of a part. */
  readonly part: number
  /** True if it is one part, which all planes share. */
  readonly isWhole?: boolean
}

/** The share of a workgroup, as `runWords` has it, and the workgroups for a number of planes. */
export interface Team {
  readonly lines: number
  readonly length: number
  readonly span: number
  readonly levels: number
  groups(planes: number): number
}

export interface Step {
  readonly program: Program
  /** The windows, or words in their place. */
  readonly tables: TableSource | readonly number[]
  /** In the order of the program's bindings. */
  readonly slices: readonly Slice[]
  /** The planes that can be cut apart: `outer` of the plan. */
  readonly outer: number
  /** Elements or threads of a plane for which the program runs. */
  readonly perPlane: number
  /** Elements read by all invocations. */
  readonly reads: number
  /** The words that the program takes from the run, as `runWords` has them. */
  readonly parameter?: number
  readonly second?: number
  readonly scale?: number
  readonly least?: number
  readonly fill?: number
  /** The invocations for a number of planes, if they are not those of the program's results. */
  readonly invocations?: (planes: number) => number
  /** What a workgroup does together, if its invocations do not work alone. */
  readonly team?: Team
  /** A buffer to fill with zeros before. */
  readonly cleared?: Slice['buffer']
}

/** Reads of one dispatch, at most: a watchdog ends the device after two seconds. */
export const mostReads = { perDispatch: 2 ** 30 }

/** The target of steps. `cut` submits the work recorded so far. */
export interface Recorder {
  readonly encoder: GPUCommandEncoder
  readonly spent: Spent
  cut(): void
}

/** Into an encoder that the caller submits. */
export function recorderInto(encoder: GPUCommandEncoder): Recorder {
  return { encoder, spent: null, cut: () => {} }
}

/** @throws PoolError "LIMIT" if a plane or the tables exceed the largest binding of the device */
export function assertBindable(op: string, context: Context, { slices, tables, outer }: Step): void {
  if (outer === 0) return
  const words = 'plan' in tables ? tableWords(tables) : tables.length
  const parts = slices.map(bytesOfPart)
  /** Parts that do not end with a word are cut four at a time. */
  const atOnce = parts.every((bytes) => bytes % 4 === 0) ? 1 : Math.min(4, outer)
  const most = Math.max(words * 4, Math.max(...parts) * atOnce + context.alignment)
  if (most <= context.largestBinding) return
  throw invalid(
    'LIMIT',
    { op, argument: 'bytes of a plane or of the windows', value: most },
    `must be at most ${context.largestBinding}, the largest binding of the device`,
    'Pass a device with a larger maxStorageBufferBindingSize, or split the plane.',
  )
}

/** All planes at once, in buffers of the caller. */
const everyPlane: Group = { begin: 0, end: 1, of: 1, buffers: new Map() }

export function record(context: Context, step: Step, recorder: Recorder, group = everyPlane): void {
  const { outer, slices, program, perPlane } = step
  if (outer * perPlane === 0) return
  const [first, last] = [(outer / group.of) * group.begin, (outer / group.of) * group.end]
  if (step.cleared !== undefined) recorder.encoder.clearBuffer(bufferOf(step.cleared, group))
  const tables = tablesFor(context, step.tables, recorder.spent)
  const planes = planesAtOnce(context, step)
  for (let from = first; from < last; from += planes) {
    const count = Math.min(planes, last - from)
    const bound = slices.map((slice) => {
      const before = 'bytes' in slice.buffer ? first : 0
      return bindingOf(context, { ...slice, buffer: bufferOf(slice.buffer, group) }, from - before, count)
    })
    const size = count * perPlane
    const own = step.team?.groups ?? step.invocations
    const invocations = own?.(count) ?? Math.ceil(size / program.perInvocation)
    const pieces = Math.min(
      invocations,
      Math.max(1, Math.ceil((step.reads * count) / outer / mostReads.perDispatch)),
    )
    const length = Math.ceil(invocations / pieces)
    for (let begin = 0; begin < invocations; begin += length) {
      if (begin > 0 || from > 0) recorder.cut()
      const end = Math.min(begin + length, invocations)
      const { parameter = 0, second = 0, scale = 0, least = 0, fill = 0 } = step
      const { lines = 0, length: along = 0, span = 0, levels = 0 } = step.team ?? {}
      const given = [parameter, second, scale, least, fill, lines, along, span, levels]
      const run = [begin, end, size, from, ...given, ...bound.map(({ base }) => base)]
      const groups = Math.ceil((end - begin) / (step.team === undefined ? groupSize : 1))
      dispatch(context, recorder.encoder, step, [context.run(run, recorder.spent), tables, ...bound], groups)
    }
  }
}

/** As many planes as one binding holds; a multiple of 4, so that every part begins with a word. */
function planesAtOnce({ largestBinding, alignment }: Context, { outer, slices }: Step): number {
  const most = Math.max(...slices.filter(({ isWhole }) => !isWhole).map(bytesOfPart))
  const fitting = Math.floor((largestBinding - alignment) / most)
  if (fitting >= outer) return outer
  return fitting >= 4 ? fitting - (fitting % 4) : fitting
}

function bytesOfPart({ part, dtype }: Slice): number {
  return part * dtypes[dtype].storage.BYTES_PER_ELEMENT
}

/** A bound range, and the element at which the data begins in it. */
interface BoundRange extends GPUBufferBinding {
  readonly base: number
}

function bindingOf(
  context: Context,
  slice: Slice & { readonly buffer: GPUBuffer },
  from: number,
  count: number,
): BoundRange {
  const bytes = dtypes[slice.dtype].storage.BYTES_PER_ELEMENT
  if (slice.isWhole) return bindingOf(context, { ...slice, isWhole: false }, 0, 1)
  const begin = slice.offset + from * slice.part * bytes
  const offset = begin - (begin % context.alignment)
  const size = Math.ceil((begin - offset + count * slice.part * bytes) / 4) * 4
  return { buffer: slice.buffer, offset, size, base: (begin - offset) / bytes }
}

function bufferOf(buffer: Slice['buffer'], { buffers }: Group): GPUBuffer {
  return 'bytes' in buffer ? buffers.get(buffer)! : buffer
}

function tablesFor(context: Context, source: Step['tables'], spent: Spent): GPUBuffer {
  if (!('plan' in source)) return context.run(source, spent, usages.storage)
  const make = () => context.filled(writeTables(source), usages.storage)
  const { plan, planes, isTransposed } = source
  if (planes === null) return context.tables[isTransposed ? 'transposed' : 'forward'].take(plan, spent, make)
  const buffer = make()
  spent?.push(buffer)
  return buffer
}

function dispatch(
  context: Context,
  encoder: GPUCommandEncoder,
  { program }: Step,
  resources: readonly (GPUBuffer | GPUBufferBinding)[],
  groups: number,
): void {
  const { pipeline, layout } = context.pipeline(program)
  const entries = resources.map((resource, binding) => ({
    binding,
    resource: 'buffer' in resource ? resource : { buffer: resource },
  }))
  const rows = Math.ceil(groups / context.mostGroups)
  const pass = encoder.beginComputePass()
  pass.setPipeline(pipeline)
  pass.setBindGroup(0, context.device.createBindGroup({ layout, entries }))
  pass.dispatchWorkgroups(Math.ceil(groups / rows), rows)
  pass.end()
}
