/**
 * @file `pool2d zarr IN OUT`: pools the last axes of a Zarr array chunk by chunk, so that it may be larger than memory.
 */
import { Command, Option } from 'commander'
import { PoolError } from '../../errors.ts'
import type { ArrayPooler } from '../../pyramid/pool-array.ts'
import { isInputFault, type PyramidProgress } from '../../pyramid/run/run-pyramid.ts'
import { besideOwn, ownThread, runEach } from '../../pyramid/run/task-threads.ts'
import { absolute } from '../../pyramid/store/open-store.ts'
import { formatArray } from '../../pyramid/zarr/format-array.ts'
import { formatShape } from '../../tensor/shape.ts'
import { exitCodes, OverwriteError, UsageError } from '../exit.ts'
import { endingBySignal } from '../interrupt.ts'
import { type Io, print, say } from '../io.ts'
import { parseChoice, parsePixels } from '../options/parse-values.ts'
import { addCountedOptions, addPoolingOptions, addWeightedOptions } from '../options/pooling-options.ts'
import { assertMode, countingModes, type PoolingFlags, settingsOf } from '../options/settings.ts'
import { printable, printableJson } from '../printable.ts'
import { parseBytes, parseChunks } from '../pyramid/options.ts'
import { usualThreads } from '../pyramid/plan-at.ts'
import { RunProgress } from '../pyramid/progress.ts'
import { size } from '../pyramid/report.ts'
import { type ArrayRequest, type OpenArray, openArrayPooling } from '../zarr/array-pooling.ts'
import { openArrayThreads } from '../zarr/worker.ts'

interface ZarrFlags extends PoolingFlags {
  readonly chunks?: readonly number[] | undefined
  readonly codec?: string | undefined
  readonly missing?: 'fill' | 'error' | undefined
  readonly memory?: number | undefined
  readonly threads?: number | undefined
  readonly indices?: true | undefined
  readonly counts?: string | undefined
  readonly json?: true | undefined
  readonly progress?: 'json' | undefined
}

export function zarrCommand(): Command {
  const command = new Command('pool2d zarr')
    .usage('IN OUT [options]')
    .description(
      'Pools the last axes of a Zarr array, chunk by chunk; values are those of the whole array pooled at once.',
    )
    .argument('<in>', 'a Zarr array, version 2 or 3')
    .argument('<out>', 'a folder that is not there yet')
  return addCountedOptions(addWeightedOptions(addPoolingOptions(command)))
    .option(
      '--mask <array>',
      "a Zarr array of the input's shape or its pooled axes; where it is 0, elements are left out",
    )
    .option('--counts <array>', 'also write how many elements count in each window, as an int64 array there')
    .addOption(new Option('--indices').hideHelp())
    .optionsGroup('Arrays:')
    .option('--chunks <nxm>', "the shape of chunks, one number an axis (default: the input's)", parseChunks)
    .option('--codec <name>', 'keep, none, gzip:1, zstd:1, blosc:lz4:5 (default: keep)', String)
    .option(
      '--missing <rule>',
      'chunks that are not there: fill (default) or error',
      parseChoice(['fill', 'error']),
    )
    .option(
      '--memory <size>',
      'what the chunks that are pooled at once may hold, as 500MB or 2GB (default: 1GB)',
      parseBytes,
    )
    .option('--threads <n>', 'chunks that are pooled at once (default: the cores, at most 4)', parsePixels)
    .optionsGroup('Reports:')
    .option('--json', 'print the report as JSON')
    .option('--progress <form>', 'json: progress as lines of JSON, also on a terminal', parseChoice(['json']))
    .addHelpText('after', help)
}

const help = `
Axes:
  Two axes are pooled, the last ones, unless an option has one number per axis (--size 2x2x2). The others are kept.

Not taken:
  --mode spatial-pyramid (a list, not planes), --seed (chunks are pooled in any order) and --indices (those of a chunk are
  not those of the array).

Exit codes:
  0 done   1 failure   2 usage   3 part of the input is torn or damaged   4 OUT exists   130 interrupted
  The metadata of OUT are written last: without them it is not done.

Example:
  pool2d zarr volume.zarr/0 pooled.zarr --mode max --size 3 --stride 2`

export async function zarr(input: string, out: string, flags: ZarrFlags, io: Io): Promise<number> {
  const settings = settingsOf(flags)
  assertTaken(flags)
  const request: ArrayRequest = {
    in: absolute(input, io.cwd),
    out: absolute(out, io.cwd),
    ...(flags.mask !== undefined && { mask: absolute(flags.mask, io.cwd) }),
    ...(flags.counts !== undefined && { counts: absolute(flags.counts, io.cwd) }),
    settings,
    chunks: flags.chunks,
    codec: flags.codec,
    missing: flags.missing ?? 'fill',
  }
  assertApart(request)
  const opened = await openArrayPooling(request)
  const { pooler, made } = opened
  const threads = threadsFor(pooler, flags)
  for (const { store } of made)
    for await (const { key } of store.list(''))
      throw new OverwriteError(`${store.location}: exists; ${key} is there. Choose another place`)
  const progress = new RunProgress(io, flags.progress === 'json')
  const code = await endingBySignal((signal) => runAll(opened, request, threads, progress, signal))
  await progress.end()
  if (code === exitCodes.ok) {
    for (const { store, metadata } of made.toReversed()) {
      await store.sweep?.()
      for (const [name, bytes] of Object.entries(formatArray(metadata))) await store.set(name, bytes)
    }
  }
  await report(input, out, opened, code, progress, flags.json === true, io)
  return code
}

/** @throws UsageError for a result that would lie within what is read, or within another result */
function assertApart({ in: input, mask, out, counts }: ArrayRequest): void {
  if (input === out) throw new UsageError('IN and OUT are the same; give another OUT')
  const places = { OUT: out, 'the counts': counts, IN: input, 'the mask': mask }
  for (const result of ['OUT', 'the counts'] as const)
    for (const [name, place] of Object.entries(places))
      if (name !== result && place !== undefined && `${places[result]}/`.startsWith(`${place}/`))
        throw new UsageError(
          `${result} ${result === 'OUT' ? 'lies' : 'lie'} within ${name}; give a place outside`,
        )
}

/** @throws UsageError for poolings whose chunks are not those of the whole array */
function assertTaken(flags: ZarrFlags): void {
  const { mode, seed, layout, indices, counts } = flags
  if (counts !== undefined) assertMode('--counts', settingsOf(flags), countingModes)
  if (indices)
    throw new UsageError(
      '--indices is not taken: those of a chunk are not those of the array. pool2d gives the indices of an array that fits into memory, as .npy',
    )
  if (mode === 'spatial-pyramid')
    throw new UsageError('--mode spatial-pyramid is not taken: its result is a list, not an array of planes')
  if (seed !== undefined)
    throw new UsageError(
      '--seed is not taken: chunks are pooled by themselves, and its samples are drawn for the whole array in order',
    )
  if (layout === 'NHWC')
    throw new UsageError('--layout NHWC is not taken: the last axes of an array are pooled')
}

/** As many as asked for, or as the memory allows. @throws PoolError "LIMIT" where it does not */
function threadsFor({ taskBytes, tasks }: ArrayPooler, { threads: asked, memory = 1e9 }: ZarrFlags): number {
  const threads = asked ?? Math.max(1, Math.min(usualThreads(), tasks, Math.floor(memory / taskBytes)))
  if (threads * taskBytes <= memory) return threads
  const each = threads === 1 ? '' : ` in each of ${threads} threads`
  const rule = `the pooling of a chunk holds about ${size(taskBytes)}${each}, and --memory is ${size(memory)}`
  throw new PoolError('LIMIT', `${rule}. Give smaller chunks, or more memory.`, {
    op: 'zarr',
    argument: 'memory',
  })
}

async function runAll(
  { pooler }: OpenArray,
  request: ArrayRequest,
  threads: number,
  progress: RunProgress,
  signal: AbortSignal,
): Promise<number> {
  const { tasks: total } = pooler
  await progress.add({ event: 'begin', done: 0, total })
  const own = (task: number) => pooler.run(task, request.missing)
  const workers = threads === 1 ? ownThread(own) : besideOwn(own, openArrayThreads(request, threads - 1))
  let done = 0
  const run = async (task: number): Promise<PyramidProgress> => {
    try {
      const pooled = await workers.run(task)
      return { event: 'task', stage: 0, task, ...pooled, done: ++done, total }
    } catch (error) {
      if (isInputFault(error)) return { event: 'failed', stage: 0, task, error, done, total }
      throw error
    }
  }
  try {
    for await (const event of runEach(numbersTo(total), workers, run, signal)) await progress.add(event)
  } finally {
    await workers.close()
  }
  if (signal.aborted) return exitCodes.failure
  return progress.failed > 0 ? exitCodes.someFailed : exitCodes.ok
}

function* numbersTo(end: number): Generator<number> {
  for (let i = 0; i < end; i++) yield i
}

async function report(
  input: string,
  out: string,
  { pooling: { op, options }, source: { shape, type } }: OpenArray,
  code: number,
  { bytes, missing, failed, failures }: RunProgress,
  json: boolean,
  io: Io,
): Promise<void> {
  const done = code === exitCodes.ok
  if (json) {
    const text = printableJson({
      version: 1,
      in: input,
      out,
      operation: op,
      options,
      done,
      bytes,
      missing,
      failed,
      failures,
    })
    await print(io, `${text}\n`)
    return
  }
  const holes = missing === 0 ? '' : `; ${missing} chunks of the input are missing, taken as fill`
  const fate = done ? 'done' : code > 128 ? 'interrupted' : `${failed} chunks failed`
  const line = printable(
    `${input} ${formatShape(shape)} ${type} -> ${out}, ${op}, ${size(bytes)} written: ${fate}${holes}`,
  )
  if (done) await print(io, `${line}\n`)
  else await say(io, `pool2d: ${line}\n`)
}
