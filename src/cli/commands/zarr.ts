/**
 * @file `pool2d zarr IN OUT`: pools the last axes of a Zarr array chunk by chunk, so that it may be larger than memory.
 */
import { dirname } from 'node:path'
import { Command } from 'commander'
import { isPoolError, PoolError } from '../../errors.ts'
import { catalogue, type PoolingName } from '../../ops/catalogue.ts'
import { codecsOf } from '../../pyramid/plan/plan-options.ts'
import { ArrayPooler } from '../../pyramid/pool-array.ts'
import { absolute, isS3, openStore } from '../../pyramid/store/open-store.ts'
import { type ArrayMetadata, chunksOf, dtypeOfElements } from '../../pyramid/zarr/array-metadata.ts'
import { formatArray } from '../../pyramid/zarr/format-array.ts'
import { ZarrArray } from '../../pyramid/zarr/zarr-array.ts'
import { dtypes } from '../../tensor/dtype.ts'
import { formatShape } from '../../tensor/shape.ts'
import { exitCodes, OverwriteError, UsageError } from '../exit.ts'
import { endingBySignal } from '../interrupt.ts'
import { type Io, print, say } from '../io.ts'
import { ownKinds } from '../operations.ts'
import { inFlags } from '../options/flags.ts'
import { parseChoice } from '../options/parse-values.ts'
import { addPoolingOptions } from '../options/pooling-options.ts'
import { type PoolingFlags, type PoolingSettings, settingsOf } from '../options/settings.ts'
import { type Pooling, planArrayPooling } from '../pooling.ts'
import { printable, printableJson } from '../printable.ts'
import { parseBytes, parseChunks } from '../pyramid/options.ts'
import { RunProgress } from '../pyramid/progress.ts'
import { size } from '../pyramid/report.ts'

interface ZarrFlags extends PoolingFlags {
  readonly chunks?: readonly number[] | undefined
  readonly codec?: string | undefined
  readonly missing?: 'fill' | 'error' | undefined
  readonly memory?: number | undefined
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
  return addPoolingOptions(command)
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
      'what the pooling of a chunk may hold, as 500MB or 2GB (default: 1GB)',
      parseBytes,
    )
    .optionsGroup('Reports:')
    .option('--json', 'print the report as JSON')
    .option('--progress <form>', 'json: progress as lines of JSON, also on a terminal', parseChoice(['json']))
    .addHelpText('after', help)
}

const help = `
Axes:
  Two axes are pooled, the last ones, unless an option has one number per axis (--size 2x2x2). The others are kept.

Exit codes:
  0 done   1 failure   2 usage   3 part of the input is torn or damaged   4 OUT exists   130 interrupted
  The metadata of OUT are written last: without them it is not done.

Example:
  pool2d zarr volume.zarr/0 pooled.zarr --mode max --size 3 --stride 2`

export async function zarr(input: string, out: string, flags: ZarrFlags, io: Io): Promise<number> {
  const settings = settingsOf(flags)
  if (ownKinds[flags.mode] !== undefined)
    throw new UsageError(
      `--mode ${flags.mode} is not taken: the windows of chunks slide, or are adaptive or global`,
    )
  if (flags.layout === 'NHWC')
    throw new UsageError('--layout NHWC is not taken: the last axes of an array are pooled')
  const places = { in: absolute(input, io.cwd), out: absolute(out, io.cwd) }
  if (places.in === places.out) throw new UsageError('IN and OUT are the same; give another OUT')
  if (`${places.out}/`.startsWith(`${places.in}/`))
    throw new UsageError('OUT lies within IN; give a place outside')
  const parent = isS3(places.in) ? places.in : dirname(places.in)
  const source = await ZarrArray.open(openStore(parent), places.in.slice(parent.length + 1))
  const { pooling, outline, metadata } = planned(source.metadata, settings, flags)
  const store = openStore(places.out)
  const target = await ZarrArray.of(store, '', metadata)
  const pooler = new ArrayPooler(source, target, outline)
  assertMemory(pooler.taskBytes, flags.memory ?? 1e9)
  for await (const { key } of store.list(''))
    throw new OverwriteError(`${out}: exists; ${key} is there. Choose another OUT`)
  const progress = new RunProgress(io, flags.progress === 'json')
  const code = await endingBySignal((signal) => runAll(pooler, flags.missing ?? 'fill', progress, signal))
  await progress.end()
  if (code === exitCodes.ok) {
    await store.sweep?.()
    for (const [name, bytes] of Object.entries(formatArray(metadata))) await store.set(name, bytes)
  }
  await report(input, out, pooling, source.metadata, code, progress, flags.json === true, io)
  return code
}

function planned(metadata: ArrayMetadata, settings: PoolingSettings, { chunks, codec = 'keep' }: ZarrFlags) {
  const { shape, type, zarrFormat, encoding, sharding } = metadata
  const axes = settings.axes ?? (shape.length === 1 ? 1 : 2)
  if (shape.length < axes)
    throw new UsageError(
      `the array is ${formatShape(shape)}, and ${axes} axes are to be pooled; give options for fewer`,
    )
  if (type === 'bool' && settings.mode !== 'max' && settings.mode !== 'min')
    throw new UsageError(`--mode ${settings.mode} of booleans is not taken; max is "any" and min is "all"`)
  const dtype = dtypeOfElements(type)
  const leading = shape.slice(0, shape.length - axes)
  const pooling = inWordsOfFlags(() =>
    planArrayPooling({ ...settings, axes }, [1, ...shape.slice(leading.length)], dtype),
  )
  if (settings.mode === 'stochastic')
    throw new UsageError(
      '--mode stochastic is not taken: chunks are pooled by themselves, and its samples are of the whole array',
    )
  const [job] = catalogue[pooling.op as PoolingName].jobs(pooling.view, pooling.options, dtype)
  const outputShape = [...leading, ...pooling.outputShape.slice(1)]
  const own = chunks ?? chunksOf(metadata)
  if (own.length !== shape.length)
    throw new UsageError(`--chunks has ${own.length} numbers, and the array ${shape.length} axes`)
  const itemSize = dtypes[dtype].storage.BYTES_PER_ELEMENT
  const info = {
    shape,
    type,
    chunks: own,
    location: '',
    fingerprint: '',
    codecs: (sharding?.encoding ?? encoding).codecs,
  }
  const made: ArrayMetadata = {
    zarrFormat,
    shape: outputShape,
    type,
    grid: own.map((length, axis) => Math.min(length, outputShape[axis]!)),
    encoding: { littleEndian: true, codecs: codecsOf(codec, zarrFormat, info, itemSize) },
    fill: metadata.fill,
    keys: { separator: '/', prefix: zarrFormat === 3 },
    attributes: {},
    axisNames: metadata.axisNames,
  }
  const { plan, ...outline } = job!
  return { pooling, outline: { outline, axes: plan.axes }, metadata: made }
}

function inWordsOfFlags(plan: () => Pooling): Pooling {
  try {
    return plan()
  } catch (error) {
    throw error instanceof PoolError
      ? new PoolError(error.code, inFlags(error.message), error.details)
      : error
  }
}

function assertMemory(needed: number, memory: number): void {
  if (needed <= memory) return
  const rule = `the pooling of a chunk holds about ${size(needed)}, and --memory is ${size(memory)}`
  throw new PoolError('LIMIT', `${rule}. Give smaller chunks, or more memory.`, {
    op: 'zarr',
    argument: 'memory',
  })
}

async function runAll(
  pooler: ArrayPooler,
  missing: 'fill' | 'error',
  progress: RunProgress,
  signal: AbortSignal,
): Promise<number> {
  const { tasks: total } = pooler
  await progress.add({ event: 'begin', done: 0, total })
  let done = 0
  for (let task = 0; task < total; task++) {
    if (signal.aborted) return exitCodes.failure
    try {
      const ran = await pooler.run(task, missing)
      await progress.add({ event: 'task', stage: 0, task, ...ran, done: ++done, total })
    } catch (error) {
      const isInput = isPoolError(error, 'BAD_FORMAT', 'BAD_PATH') && error.details.act !== 'written'
      if (!isInput) throw error
      await progress.add({ event: 'failed', stage: 0, task, error, done, total })
    }
  }
  return progress.failed > 0 ? exitCodes.someFailed : exitCodes.ok
}

async function report(
  input: string,
  out: string,
  { op, options }: Pooling,
  { shape, type }: ArrayMetadata,
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
