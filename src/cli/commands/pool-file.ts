/**
 * @file One input pooled: read, planned, run, encoded, put in place. Any failure is part of the report.
 */
import { resolve } from 'node:path'
import type { Image } from '../../adapters/image/index.ts'
import { isPoolError, PoolError } from '../../errors.ts'
import { describeFailure, UsageError } from '../exit.ts'
import { type Content, type Head, labelOf, readContent, readHead } from '../files/content.ts'
import { encodeImage, encodeTensors, formatOf, type OutputFormat } from '../files/formats.ts'
import { type Source, standardStream } from '../files/inputs.ts'
import type { Target } from '../files/targets.ts'
import { assertWritable, type NewFile, writeFiles } from '../files/write-files.ts'
import { type PooledImage, planImagePooling, runImagePooling } from '../image-pooling.ts'
import { interruptible } from '../interrupt.ts'
import { deliver, type Io } from '../io.ts'
import { inFlags } from '../options/flags.ts'
import type { PoolingSettings } from '../options/settings.ts'
import { poolInPieces } from '../pool-in-pieces.ts'
import { type Pooled, planArrayPooling } from '../pooling.ts'
import { describePlans, type FileReport, type PlannedArray } from '../report/file-report.ts'
import type { Step } from '../report/progress.ts'

export interface FileJob {
  readonly name: string
  readonly target: Target
  readonly settings: PoolingSettings
  readonly io: Io
  /** All inputs. */
  readonly inputs: readonly Source[]
  readonly force: boolean
  readonly dryRun: boolean
  readonly maxPixels?: number
  /** Is told how far the file has come. */
  readonly progress: (step: Step, part?: number) => void
}

interface Encoded {
  readonly bytes: Uint8Array
  readonly indices?: Uint8Array
  readonly notes: readonly string[]
}

export async function poolFile(job: FileJob): Promise<FileReport> {
  const report = emptyReport(job.name, job.target)
  try {
    return job.dryRun ? await planFile(job, report) : await runFile(job, report)
  } catch (error) {
    return failed(report, error)
  }
}

export function failed(report: FileReport, error: unknown): FileReport {
  return { ...report, status: 'failed', error: describeFailure(error) }
}

export function emptyReport(input: string, target?: Target): FileReport {
  return {
    input,
    status: 'planned',
    output: target?.output ?? null,
    format: null,
    indices: target?.indices ?? null,
    arrays: [],
    memory: null,
    notes: [],
    error: null,
  }
}

async function planFile(job: FileJob, report: FileReport): Promise<FileReport> {
  const head = await readHead(job).catch(inReading)
  const format = formats(job, head.kind, head.kind === 'image' ? head.info.format : head.kind)
  assertFree(job)
  return {
    ...report,
    format,
    ...describePlans(planArrays(job, arraysOf(head)), job.target.indices !== undefined),
  }
}

async function runFile(job: FileJob, report: FileReport): Promise<FileReport> {
  assertFree(job)
  job.progress('reading')
  const content = await readContent(job).catch(inReading)
  const format = formats(job, content.kind, content.kind === 'image' ? content.image.format : content.kind)
  const planned = planArrays(job, arraysOf(content))
  const { bytes, indices, notes } = await inFile(job.name, () => encodeResults(job, content, planned, format))
  job.progress('writing', 0.5)
  await putInPlace(job, bytes, indices)
  return { ...report, status: 'written', format, ...describePlans(planned, indices !== undefined), notes }
}

type Arrays = Pick<PlannedArray, 'name' | 'dtype'> & { readonly shape: readonly number[] }

function arraysOf(content: Content | Head): { isImage: boolean; arrays: Arrays[] } {
  if (content.kind === 'image') {
    const { shape, dtype } = 'info' in content ? content.info : content.image.pixels
    return { isImage: true, arrays: [{ name: null, shape, dtype }] }
  }
  if (content.kind === 'npy') {
    const { shape, dtype } = 'head' in content ? content.head : content.tensor
    return { isImage: false, arrays: [{ name: null, shape, dtype }] }
  }
  const members = 'heads' in content ? content.heads : content.tensors
  return { isImage: false, arrays: [...members].map(([name, { shape, dtype }]) => ({ name, shape, dtype })) }
}

function planArrays(
  { name: file, settings }: FileJob,
  { isImage, arrays }: ReturnType<typeof arraysOf>,
): PlannedArray[] {
  return arrays.map(({ name, shape, dtype }) =>
    inFile(name === null ? file : `${file}: ${name}`, () =>
      asUsage(() => ({
        name,
        dtype,
        pooling: isImage ? planImagePooling(settings, shape) : planArrayPooling(settings, shape, dtype),
      })),
    ),
  )
}

/** Options that no file of this kind could make right. */
function asUsage<T>(plan: () => T): T {
  try {
    return plan()
  } catch (error) {
    throw isPoolError(error, 'BAD_PARAM') ? new UsageError(inFlags(error.message)) : error
  }
}

async function encodeResults(
  { target, progress }: FileJob,
  content: Content,
  planned: readonly PlannedArray[],
  format: OutputFormat,
): Promise<Encoded> {
  const wantIndices = target.indices !== undefined
  progress('pooling')
  if (content.kind === 'image') {
    const pooled = await interruptible(() =>
      runImagePooling(planned[0]!.pooling, content.image.pixels, wantIndices),
    )
    progress('writing')
    return encodePixels(content.image, pooled, format)
  }
  const tensors = content.kind === 'npy' ? [content.tensor] : [...content.tensors.values()]
  const results: (readonly [name: string | null, pooled: Pooled])[] = []
  for (const [i, { name, pooling }] of planned.entries()) {
    const told = (part: number) => progress('pooling', (i + part) / planned.length)
    results.push([name, await poolInPieces(pooling, tensors[i]!, wantIndices, told)])
  }
  progress('writing')
  const pick = <K extends keyof Pooled>(key: K) =>
    results.map(([name, pooled]) => [name, pooled[key]!] as const)
  return {
    bytes: encodeTensors(pick('output'), format),
    ...(wantIndices && { indices: encodeTensors(pick('indices'), format) }),
    notes: [],
  }
}

async function encodePixels(
  image: Image,
  { output, indices, clamped }: PooledImage,
  format: OutputFormat,
): Promise<Encoded> {
  const largest = output.dtype === 'uint8' ? 255 : 65_535
  return {
    bytes: await encodeImage({ ...image, pixels: output }, format),
    ...(indices && { indices: encodeTensors([[null, indices]], 'npy') }),
    notes:
      clamped === 0
        ? []
        : [`${clamped} of ${output.size} samples were outside 0 to ${largest} and were clamped`],
  }
}

/** The output's format; the indices of an archive are an archive too, any others .npy. */
function formats({ target }: FileJob, kind: Content['kind'], own: OutputFormat): OutputFormat {
  if (target.indices !== undefined) formatOf(target.indices, kind === 'npz' ? 'npz' : 'npy', 'npy')
  return formatOf(target.output, kind, own)
}

function assertFree({ target, io, inputs, force }: FileJob): void {
  for (const path of [target.output, target.indices]) {
    if (path !== undefined && path !== standardStream)
      assertWritable(resolve(io.cwd, path), path, inputs, force)
  }
}

async function putInPlace(
  { target, io, force }: FileJob,
  bytes: Uint8Array,
  indices?: Uint8Array,
): Promise<void> {
  const files: NewFile[] = []
  const add = (label: string, content: Uint8Array): unknown =>
    files.push({ label, path: resolve(io.cwd, label), bytes: content })
  if (target.output !== standardStream) add(target.output, bytes)
  if (indices !== undefined) add(target.indices!, indices)
  await writeFiles(files, { force, folders: target.folders })
  if (target.output === standardStream) await deliver(io, bytes)
}

/** Readers name the file themselves; the one option that they know stands in the last sentence. */
function inReading(error: unknown): never {
  if (!isPoolError(error, 'LIMIT')) throw error
  const message = error.message.replace(/(?<=\. Raise )maxPixels(?= [^.]*\.$)/, '--max-pixels')
  throw new PoolError(error.code, message, { ...error.details, cause: error })
}

/** Names the file in errors of what does not know it, and options by their flags. */
function inFile<T>(name: string, act: () => T): T {
  const rethrow = (error: unknown): never => {
    if (error instanceof UsageError) throw new UsageError(`${labelOf(name)}: ${error.message}`)
    if (!(error instanceof PoolError)) throw error
    const message = `${labelOf(name)}: ${inFlags(error.message)}`
    throw new PoolError(error.code, message, { ...error.details, cause: error })
  }
  try {
    const result = act()
    return result instanceof Promise ? (result.catch(rethrow) as T) : result
  } catch (error) {
    return rethrow(error)
  }
}
