/**
 * @file Pools one input: reads, plans, runs, encodes and writes it. Failures are part of the report.
 */
import { resolve } from 'node:path'
import type { Image, ImageInfo } from '../../adapters/image/index.ts'
import { isPoolError, PoolError } from '../../errors.ts'
import { type DType, dtypes } from '../../tensor/dtype.ts'
import type { Tensor } from '../../tensor/tensor.ts'
import { describeFailure, UsageError } from '../exit.ts'
import {
  type ArrayHead,
  type Content,
  type FileSource,
  type Head,
  labelOf,
  readContent,
  readHead,
} from '../files/content.ts'
import { encodeImages, encodeTensors, formatOf, type OutputFormat, stackPages } from '../files/formats.ts'
import { type Source, standardStream } from '../files/inputs.ts'
import type { Target } from '../files/targets.ts'
import { assertWritable, type NewFile, writeFiles } from '../files/write-files.ts'
import { type PooledImage, planImagePooling, runImagePooling, sampleRange, warmUp } from '../image-pooling.ts'
import { interruptible } from '../interrupt.ts'
import { deliver } from '../io.ts'
import { modesWith } from '../operations.ts'
import { inFlags } from '../options/flags.ts'
import type { PoolingSettings } from '../options/settings.ts'
import { poolInPieces } from '../pool-in-pieces.ts'
import { assertMask, assertTruthful, type Pooled, planArrayPooling, type Side, sides } from '../pooling.ts'
import { describePlans, type FileReport, type PlannedArray } from '../report/file-report.ts'
import type { Step } from '../report/progress.ts'

export interface FileJob extends FileSource {
  readonly target: Target
  readonly settings: PoolingSettings
  readonly mask: Tensor | undefined
  /** All inputs, and the mask. */
  readonly inputs: readonly Source[]
  readonly force: boolean
  readonly dryRun: boolean
  /** Receives the progress of the file. */
  readonly progress: (step: Step, part?: number) => void
}

interface Encoded {
  readonly bytes: Uint8Array
  readonly sides: Partial<Readonly<Record<Side, Uint8Array>>>
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
    counts: target?.counts ?? null,
    arrays: [],
    memory: null,
    notes: [],
    error: null,
  }
}

async function planFile(job: FileJob, report: FileReport): Promise<FileReport> {
  const head = await readHead(job).catch(inReading)
  const format = formats(job, head.kind, head.kind === 'image' ? head.images[0]!.format : head.kind)
  assertFree(job)
  const { planned, notes, error } = planParts(job, partsOf(head))
  return reported({
    ...report,
    format,
    ...describePlans(planned, wantedOf(job.target).length),
    notes,
    error,
  })
}

async function runFile(job: FileJob, report: FileReport): Promise<FileReport> {
  assertFree(job)
  job.progress('reading')
  const whileDecoding = ({ shape, dtype }: ImageInfo) => warmUp(job.settings, shape, dtype)
  const content = await readContent({ ...job, whileDecoding }).catch(inReading)
  const format = formats(
    job,
    content.kind,
    content.kind === 'image' ? content.images[0]!.format : content.kind,
  )
  const { planned, notes, error } = planParts(job, partsOf(content))
  const encoded = await inFile(job.name, () => encodeResults(job, content, planned, format))
  job.progress('writing', 0.5)
  await publish(job, encoded)
  return reported({
    ...report,
    status: 'written',
    format,
    ...describePlans(planned, wantedOf(job.target).length),
    notes: [...notes, ...encoded.notes],
    error,
  })
}

function reported({ error, ...report }: Omit<FileReport, 'error'> & Pick<Planned, 'error'>): FileReport {
  return { ...report, error: error === null ? null : describeFailure(error) }
}

/** An array or a page: its properties for planning, or the reason why it cannot be read. */
interface Part {
  readonly name: string | null
  readonly head: ArrayHead | PoolError
  readonly isBoolean: boolean
  readonly notes: readonly string[]
  /** The value for missing data that the file declares. */
  readonly nodata?: number | undefined
}

interface Planned {
  readonly planned: readonly (PlannedArray & { readonly index: number })[]
  readonly notes: readonly string[]
  /** The error, if the member was requested and cannot be pooled. */
  readonly error: PoolError | UsageError | null
}

function partsOf(content: Content | Head): { isImage: boolean; parts: Part[] } {
  if (content.kind === 'image') {
    const { images } = content
    const parts = images.map((image, i): Part => {
      const { shape, dtype } = 'shape' in image ? image : image.pixels
      const name = images.length === 1 ? null : `page ${i + 1}`
      return {
        name,
        head: { shape, dtype },
        isBoolean: false,
        notes: image.notes ?? [],
        nodata: image.nodata,
      }
    })
    return { isImage: true, parts }
  }
  const parts = content.members.map((member): Part => {
    if ('error' in member) return { name: member.name, head: member.error, isBoolean: false, notes: [] }
    return { name: member.name, head: member.array, isBoolean: member.boolean, notes: [] }
  })
  return { isImage: false, parts }
}

/** Leaves out members of an archive that cannot be pooled, with a note, unless they were requested or no member remains. */
function planParts(job: FileJob, { isImage, parts }: ReturnType<typeof partsOf>): Planned {
  const planned: (PlannedArray & { index: number })[] = []
  const notes = new Set<string>()
  const errors: (PoolError | UsageError)[] = []
  parts.forEach((part, index) => {
    try {
      const { settings, note } = withNodata(job.settings, part)
      planned.push({ ...planPart({ ...job, settings }, part, isImage), index })
      for (const note of part.notes) notes.add(isImage || part.name === null ? note : `${part.name}: ${note}`)
      if (note !== undefined) notes.add(note)
    } catch (error) {
      const isMember =
        part.name !== null && !isImage && (error instanceof PoolError || error instanceof UsageError)
      if (!isMember) throw error
      errors.push(error)
      if (job.members === undefined)
        notes.add(`member ${JSON.stringify(part.name)} is left out: ${error.message}`)
    }
  })
  if (planned.length === 0 && errors.length > 0) throw errors[0]
  return { planned, notes: [...notes], error: job.members === undefined ? null : (errors[0] ?? null) }
}

/** Settings in which the value for missing data that a file declares is left out, unless they give one. */
function withNodata(
  settings: PoolingSettings,
  { head, nodata }: Part,
): { readonly settings: PoolingSettings; readonly note?: string } {
  if (nodata === undefined || settings.nodata !== undefined || settings.countsMissing) return { settings }
  if (head instanceof PoolError) return { settings }
  const what = `the value for missing data (GDAL_NODATA ${nodata})`
  if (!modesWith('nodata').includes(settings.mode))
    return { settings, note: `${what} is pooled as a number; --mode ${settings.mode} leaves nothing out` }
  if (!canHold(head.dtype, nodata))
    return { settings, note: `${what} is no ${head.dtype}: nothing is left out` }
  const note = `samples of ${what} are left out; windows with no other give it, or --fill`
  return { settings: { ...settings, nodata }, note }
}

function canHold(dtype: DType, value: number): boolean {
  if (dtypes[dtype].float) return true
  const [smallest, largest] = sampleRange(dtype)
  return Number.isInteger(value) && value >= smallest && value <= largest
}

function planPart(
  { name: file, settings, mask }: FileJob,
  { name, head, isBoolean }: Part,
  isImage: boolean,
): PlannedArray {
  if (head instanceof PoolError) throw head
  const { shape, dtype } = head
  const where = name === null ? file : `${file}: ${name}`
  return inFile(where, () =>
    asUsage(() => {
      if (isBoolean) assertTruthful(settings)
      const pooling = (isImage ? planImagePooling : planArrayPooling)(settings, shape, dtype)
      if (mask !== undefined) assertMask(pooling, mask)
      return { name, dtype: isBoolean ? 'bool' : dtype, pooling }
    }),
  )
}

/** Reports options that are wrong for any file of this kind as errors of usage. */
function asUsage<T>(plan: () => T): T {
  try {
    return plan()
  } catch (error) {
    throw isPoolError(error, 'BAD_PARAM') ? new UsageError(inFlags(error.message)) : error
  }
}

async function encodeResults(
  { target, progress, mask }: FileJob,
  content: Content,
  planned: Planned['planned'],
  format: OutputFormat,
): Promise<Encoded> {
  const wanted = wantedOf(target)
  progress('pooling')
  if (content.kind === 'image') {
    const pooled: PooledImage[] = []
    for (const { pooling, index } of planned) {
      const image = content.images[index]!
      pooled.push(await interruptible(() => runImagePooling(pooling, image, wanted, mask)))
      progress('pooling', (index + 1) / planned.length)
    }
    progress('writing')
    return encodePages(content.images, pooled, wanted, format)
  }
  const results: (readonly [name: string | null, pooled: Pooled])[] = []
  for (const [i, { name, pooling, index }] of planned.entries()) {
    const told = (part: number) => progress('pooling', (i + part) / planned.length)
    const { array } = content.members[index] as { readonly array: Tensor }
    results.push([name, await poolInPieces(pooling, array, wanted, told, mask)])
  }
  progress('writing')
  const pick = <K extends keyof Pooled>(key: K) =>
    results.map(([name, pooled]) => [name, pooled[key]!] as const)
  return {
    bytes: encodeTensors(pick('output'), format),
    sides: Object.fromEntries(wanted.map((side) => [side, encodeTensors(pick(side), format)])),
    notes: [],
  }
}

async function encodePages(
  images: readonly Image[],
  pooled: readonly PooledImage[],
  wanted: readonly Side[],
  format: OutputFormat,
): Promise<Encoded> {
  const pages = images.map((image, i) => ({ ...image, pixels: pooled[i]!.output }))
  const clamped = pooled.reduce((sum, page) => sum + page.clamped, 0)
  const samples = pooled.reduce((sum, { output }) => sum + output.size, 0)
  const [smallest, largest] = sampleRange(pages[0]!.pixels.dtype)
  return {
    bytes: await encodeImages(pages, format),
    sides: Object.fromEntries(
      wanted.map((side) => [
        side,
        encodeTensors([[null, stackPages(pooled.map((page) => page[side]!))]], 'npy'),
      ]),
    ),
    notes:
      clamped === 0
        ? []
        : [`${clamped} of ${samples} samples were outside ${smallest} to ${largest} and were clamped`],
  }
}

/** The sides that have a file. */
function wantedOf(target: Target): readonly Side[] {
  return sides.filter((side) => target[side] !== undefined)
}

/** The format of the output. Sides of an archive are written as an archive, all others as .npy. */
function formats({ target }: FileJob, kind: Content['kind'], own: OutputFormat): OutputFormat {
  for (const side of wantedOf(target)) formatOf(target[side]!, kind === 'npz' ? 'npz' : 'npy', 'npy')
  return formatOf(target.output, kind, own)
}

function assertFree({ target, io, inputs, force }: FileJob): void {
  for (const path of [target.output, target.indices, target.counts]) {
    if (path !== undefined && path !== standardStream)
      assertWritable(resolve(io.cwd, path), path, inputs, force)
  }
}

async function publish({ target, io, force }: FileJob, { bytes, sides: own }: Encoded): Promise<void> {
  const files: NewFile[] = []
  const add = (label: string, content: Uint8Array): unknown =>
    files.push({ label, path: resolve(io.cwd, label), bytes: content })
  if (target.output !== standardStream) add(target.output, bytes)
  for (const side of wantedOf(target)) add(target[side]!, own[side]!)
  await writeFiles(files, { force, folders: target.folders })
  if (target.output === standardStream) await deliver(io, bytes)
}

/** Names options by their flags, except in the file's name at the start of the message, which may look like an option. */
function inReading(error: unknown): never {
  if (!isPoolError(error)) throw error
  const file = `${error.details.op}: `
  const isNamed = error.message.startsWith(file)
  const message = isNamed ? file + inFlags(error.message.slice(file.length)) : error.message
  throw new PoolError(error.code, message, { ...error.details, cause: error })
}

/** Adds the file's name to errors that lack it, and names options by their flags. */
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
