/**
 * @file `pool2d pyramid IN OUT`: makes a pyramid; `plan`, `run`, `finish`, `status` and `verify` do it in parts, on many machines.
 */
import { rm } from 'node:fs/promises'
import { relative } from 'node:path'
import { Command } from 'commander'
import { isPoolError } from '../../errors.ts'
import { planPyramid } from '../../pyramid/plan/plan-pyramid.ts'
import type { PyramidPlan } from '../../pyramid/plan/pyramid-plan.ts'
import {
  finishPyramid,
  type PyramidStatus,
  pyramidStatus,
  verifyPyramid,
} from '../../pyramid/run/finish-pyramid.ts'
import { assertSamePlan, claimTarget, isDone, readPlan } from '../../pyramid/run/output.ts'
import { type RunOptions, runPyramid } from '../../pyramid/run/run-pyramid.ts'
import { tasksBetweenCollections } from '../../pyramid/run/run-task.ts'
import { absolute, isS3, openStore } from '../../pyramid/store/open-store.ts'
import type { Store } from '../../pyramid/store/store.ts'
import { exitCodes, OverwriteError, UsageError } from '../exit.ts'
import { endingBySignal } from '../interrupt.ts'
import { type Io, print, say } from '../io.ts'
import { parseChoice, parsePixels } from '../options/parse-values.ts'
import { printable, printableJson } from '../printable.ts'
import { claimLabels, labelTargets, planLabels } from '../pyramid/label-images.ts'
import { addPlanOptions, type PlanFlags, planOptionsOf } from '../pyramid/options.ts'
import { planAt, usualThreads } from '../pyramid/plan-at.ts'
import { RunProgress } from '../pyramid/progress.ts'
import { countLevels, planLines, size } from '../pyramid/report.ts'
import { assertIdle, withRunLock } from '../pyramid/run-lock.ts'
import { parseShard, type ShardFlag, shardOf } from '../pyramid/shard-flag.ts'
import { setV8ForTasks } from '../pyramid/v8-settings.ts'

interface ReportFlags {
  readonly json?: true | undefined
  readonly progress?: 'json' | undefined
}

interface PyramidFlags extends PlanFlags, ReportFlags {
  readonly resume?: true | undefined
  readonly force?: true | undefined
  readonly dryRun?: true | undefined
}

export function pyramidCommand(): Command {
  const command = new Command('pool2d pyramid')
    .usage(
      'IN OUT [options]\n       pool2d pyramid plan IN OUT [options]\n       pool2d pyramid run|finish|status|verify OUT [options]',
    )
    .description('Makes an image pyramid: level 0 and smaller levels, as OME-Zarr or plain Zarr.')
    .argument('<in>', 'a Zarr array or OME image, .npy, PNG, JPEG, WebP or TIFF')
    .argument('[out]', 'a folder that is not there yet')
  return withReports(
    addPlanOptions(command)
      .option('--resume', 'go on with a run that was ended')
      .option('--force', 'remove a pyramid that pool2d made at OUT before'),
  )
    .option('--dry-run', 'print the levels and the work, write nothing')
    .addHelpText('after', help)
}

const help = `
Values:
  Output i of an axis covers inputs i f to (i + 1) f; the last window divides by what is there. Means of integers are exact and
  rounded half to even; a mode that ties is the smallest value; of medians the lower one. Each level comes from the one before.
  Only axes of space are pooled unless --factor names others. The OME metadata are written last: they say that all is done.

Exit codes:
  0 done   1 failure   2 usage   3 part of the input is torn or damaged   4 OUT exists   130 interrupted; --resume goes on

Examples:
  pool2d pyramid image.npy image.zarr --axes zyx --scale z=2,y=0.5,x=0.5 --unit micrometer --factor auto
  pool2d pyramid labels.zarr/0 out.zarr --method mode --background 0
  pool2d pyramid plan big.zarr out.zarr && pool2d pyramid run out.zarr --shard 0/8   (.. 7/8), then pool2d pyramid finish out.zarr`

function withReports(command: Command): Command {
  return command
    .optionsGroup('Reports:')
    .option('--json', 'print the report as JSON')
    .option('--progress <form>', 'json: progress as lines of JSON, also on a terminal', parseChoice(['json']))
}

export async function pyramid(
  input: string,
  out: string | undefined,
  flags: PyramidFlags,
  io: Io,
): Promise<number> {
  if (flags.resume && flags.force)
    throw new UsageError('--resume goes on with what --force removes; give one of them')
  const { places, plan, labels, store } = await planned(input, out, flags, io)
  const stored = flags.resume ? await readPlan(store) : undefined
  // How the work is cut is said by the run that is gone on with.
  const own = stored === undefined ? plan : { ...plan, stages: stored.stages, tasks: stored.tasks }
  if (flags.dryRun) {
    if (stored === undefined) await assertFree(plan, store, flags)
    else await assertSamePlan(own, store)
    return await printPlan(own, flags, io)
  }
  const waiting = (host: string, seconds: number) =>
    say(io, `pool2d: a run on ${host} may be at work there; it shows within ${seconds} seconds\n`)
  if (flags.force) {
    await assertIdle(store, waiting)
    await removeMade(places.out, plan, store)
  }
  return await asExit(async () => {
    if (stored === undefined) await claimTarget(plan, store)
    await claimLabels(labels)
    const run = async (lost: AbortSignal): Promise<number> => {
      await assertSamePlan(own, store)
      return await executeAll(own, store, { ...flags, lost }, io, true)
    }
    return await withRunLock(store, run, waiting)
  })
}

export function pyramidPlanCommand(): Command {
  const command = new Command('pool2d pyramid plan')
    .usage('IN OUT [options]')
    .description('Claims OUT for a pyramid and writes the plan there; run and finish do the rest.')
    .argument('<in>', 'as of pool2d pyramid')
    .argument('[out]', 'a folder that is not there yet')
  return addPlanOptions(command).optionsGroup('Reports:').option('--json', 'print the plan as JSON')
}

export async function pyramidPlan(
  input: string,
  out: string | undefined,
  flags: PlanFlags & ReportFlags,
  io: Io,
): Promise<number> {
  const { plan, labels, store } = await planned(input, out, flags, io)
  return await asExit(async () => {
    await claimTarget(plan, store)
    await claimLabels(labels)
    return await printPlan(plan, flags, io)
  })
}

export function pyramidRunCommand(): Command {
  const command = new Command('pool2d pyramid run')
    .usage('OUT [options]')
    .description('Runs a share of the first stage of the plan at OUT, or all that is not done.')
    .argument('<out>', 'a folder with a plan')
    .option(
      '--shard <i/n|auto>',
      'the share, from 0/n to n-1/n; auto reads it from SLURM, Kubernetes (auto/n) or AWS Batch',
      parseShard,
    )
    .option('--threads <n>', 'threads that compute and compress (default: the cores, at most 4)', parsePixels)
  return withReports(command)
}

interface RunFlags extends ReportFlags {
  readonly shard?: ShardFlag | undefined
  readonly threads?: number | undefined
}

export async function pyramidRun(out: string, flags: RunFlags, io: Io): Promise<number> {
  const shard = flags.shard === undefined ? undefined : shardOf(flags.shard)
  const { plan, store } = await planAt(out, io)
  return await asExit(() => executeAll(plan, store, { ...flags, shard }, io, false))
}

export function pyramidFinishCommand(): Command {
  const command = new Command('pool2d pyramid finish')
    .usage('OUT [options]')
    .description('Makes the last levels once all shares are done, and writes the metadata that say so.')
    .argument('<out>', 'a folder with a plan')
    .option('--threads <n>', 'threads that compute and compress (default: the cores, at most 4)', parsePixels)
  return withReports(command)
}

export async function pyramidFinish(out: string, flags: RunFlags, io: Io): Promise<number> {
  const { plan, store } = await planAt(out, io)
  return await asExit(() => executeAll(plan, store, { ...flags, shard: undefined }, io, true, 'finish'))
}

export function pyramidStatusCommand(): Command {
  return new Command('pool2d pyramid status')
    .usage('OUT [options]')
    .description('Says how far the pyramid at OUT is, from what is there.')
    .argument('<out>', 'a folder with a plan')
    .option('--json', 'print JSON')
}

export async function pyramidStatusReport(out: string, { json }: ReportFlags, io: Io): Promise<number> {
  const reports = []
  for (const [name, place] of await placesOf(out, io)) reports.push({ name, ...(await pyramidStatus(place)) })
  const [{ plan, name: _, ...status }, ...labels] = reports as [(typeof reports)[number], ...typeof reports]
  const report = {
    version: 1,
    hash: plan.hash,
    ...status,
    ...(labels.length > 0 && {
      labels: labels.map(({ plan: own, ...label }) => ({ hash: own.hash, ...label })),
    }),
  }
  const text = reports.flatMap(statusLines).map(printable).join('\n')
  await print(io, json ? `${printableJson(report)}\n` : `${text}\n`)
  return exitCodes.ok
}

function statusLines({
  name,
  plan,
  finished,
  tasks,
  done,
  ...status
}: PyramidStatus & { name: string }): string[] {
  return [
    `${name}: ${finished ? 'done' : 'not done'}, ${done.reduce((sum, count) => sum + count, 0)}/${tasks} tasks`,
    ...plan.stages.map(({ from, to, tasks }, i) => `  levels ${from} to ${to}: ${done[i]}/${tasks} tasks`),
    `  ${status.objects} objects, ${size(status.bytes)}; ${status.empty} left out as fill; ${status.missing} chunks of the input missing`,
  ]
}

/** The names and places of the pyramid at OUT and of its label images. */
async function placesOf(out: string, io: Io): Promise<(readonly [name: string, place: string])[]> {
  const place = absolute(out, io.cwd)
  const { labels = [] } = (await readPlan(openStore(place))) ?? {}
  return ['', ...labels.map((name) => `/labels/${name}`)].map((path) => [`${out}${path}`, `${place}${path}`])
}

export function pyramidVerifyCommand(): Command {
  return new Command('pool2d pyramid verify')
    .usage('OUT [options]')
    .description('Reads every object of the pyramid at OUT and compares it with the manifest.')
    .argument('<out>', 'a folder with a plan')
    .option('--json', 'print JSON')
}

export async function pyramidVerify(out: string, { json }: ReportFlags, io: Io): Promise<number> {
  const faults: { key: string; reason: string }[] = []
  let objects = 0
  for (const [name, place] of await placesOf(out, io)) {
    const found = verifyPyramid(place)
    let next = await found.next()
    for (; !next.done; next = await found.next())
      faults.push({
        ...next.value,
        key: `${name.slice(out.length + 1)}/${next.value.key}`.replace(/^\//, ''),
      })
    objects += next.value.objects
  }
  const text = [
    ...faults.map(({ key, reason }) => `${key}: ${reason}`),
    `${out}: ${objects} objects, ${faults.length} faults`,
  ]
  const report = printableJson({ version: 1, objects, faults })
  await print(io, json ? `${report}\n` : `${text.map(printable).join('\n')}\n`)
  return faults.length === 0 ? exitCodes.ok : exitCodes.failure
}

async function planned(input: string, out: string | undefined, flags: PlanFlags, io: Io) {
  if (flags.inPlace && out !== undefined) throw new UsageError('--in-place adds levels to IN; leave OUT out')
  if (!flags.inPlace && out === undefined)
    throw new UsageError('OUT is not given; give a folder, or --in-place')
  const places = { in: absolute(input, io.cwd), out: absolute(out ?? input, io.cwd) }
  if (!flags.inPlace) assertApart(places.in, places.out)
  const threads = flags.threads ?? usualThreads()
  const plan = await planPyramid(places.in, places.out, { ...planOptionsOf(flags), threads })
  return { places, plan, labels: await planLabels(plan, flags), store: openStore(places.out) }
}

function assertApart(input: string, out: string): void {
  if (input === out)
    throw new UsageError('IN and OUT are the same; give another OUT, or --in-place to add levels to IN')
  const isWithin = (a: string, b: string) =>
    !relative(b, a).startsWith('..') && !relative(b, a).startsWith('/')
  if (isWithin(out, input)) throw new UsageError('OUT lies within IN; give a place outside')
  if (isWithin(input, out)) throw new UsageError('IN lies within OUT; give a place outside')
}

/** Below this, threads take longer to start than to help. */
const fewBytes = 1 << 26

async function assertFree(plan: PyramidPlan, store: Store, { force }: PyramidFlags): Promise<void> {
  if (plan.target.inPlace || (force && (await readPlan(store)) !== undefined)) return
  for await (const { key } of store.list(''))
    throw new OverwriteError(`${store.location}: exists; ${key} is there. Choose another OUT`)
}

/** Only what a plan of this program says it made. */
async function removeMade(out: string, { target }: PyramidPlan, store: Store): Promise<void> {
  if (target.inPlace || (await readPlan(store)) === undefined) return
  if (!isS3(out)) return await rm(out, { recursive: true })
  for await (const { key } of store.list('')) await store.delete(key)
}

async function printPlan(plan: PyramidPlan, { json }: ReportFlags, io: Io): Promise<number> {
  await print(io, json ? `${printableJson(plan)}\n` : `${planLines(plan).join('\n')}\n`)
  return exitCodes.ok
}

/** Label images first, so that the metadata of the image, written last, say that all is done. */
async function executeAll(
  plan: PyramidPlan,
  store: Store,
  flags: Parameters<typeof execute>[2],
  io: Io,
  finish: boolean,
  only?: 'finish',
): Promise<number> {
  let worst: number = exitCodes.ok
  for (const label of await labelTargets(plan, store)) {
    const code = await execute(label.plan, label.store, { ...flags, json: undefined }, io, finish, only)
    if (code > 128) return code
    worst = Math.max(worst, code)
  }
  const code = await execute(plan, store, flags, io, finish && worst === exitCodes.ok, only)
  return Math.max(worst, code)
}

interface ExecuteFlags extends Pick<RunOptions, 'threads' | 'shard'>, ReportFlags {
  /** Ends the run as a signal does. */
  readonly lost?: AbortSignal
}

async function execute(
  plan: PyramidPlan,
  store: Store,
  { threads, shard, json, progress: form, lost }: ExecuteFlags,
  io: Io,
  finish: boolean,
  only?: 'finish',
): Promise<number> {
  const collectGarbage = setV8ForTasks()
  const progress = new RunProgress(io, form === 'json')
  const used = threads ?? (plan.bytes.read < fewBytes ? 1 : usualThreads())
  const code = await endingBySignal(async (ending) => {
    const signal = lost === undefined ? ending : AbortSignal.any([ending, lost])
    if (only === undefined)
      for await (const event of runPyramid(plan, {
        threads: used,
        signal,
        resume: true,
        ...(shard && { shard }),
      })) {
        await progress.add(event)
        if (event.event === 'task' && event.done % tasksBetweenCollections === 0) collectGarbage()
      }
    if (signal.aborted) return exitCodes.failure
    if (progress.failed > 0) return exitCodes.someFailed
    if (finish)
      for await (const event of finishPyramid(plan, { threads: used, signal })) await progress.add(event)
    return progress.failed > 0 ? exitCodes.someFailed : exitCodes.ok
  })
  await progress.end()
  const done = await isDone(plan, store)
  const { bytes, missing, failures, failed } = progress
  const report = {
    version: 1,
    in: plan.source.location,
    out: plan.target.location,
    done,
    levels: plan.levels.length,
    bytes,
    missing,
    failed,
    failures,
  }
  if (json) await print(io, `${printableJson(report)}\n`)
  else await sayEnd(plan, report, code, io)
  return code
}

async function sayEnd(
  { levels, method, source, target, format }: PyramidPlan,
  { done, bytes, missing, failed }: { done: boolean; bytes: number; missing: number; failed: number },
  code: number,
  io: Io,
): Promise<void> {
  const fate = done
    ? 'done'
    : code > 128
      ? 'interrupted; --resume goes on'
      : failed > 0
        ? `${failed} tasks failed`
        : 'share done'
  const holes = missing === 0 ? '' : `; ${missing} chunks of the input are missing, taken as fill`
  const line = `${source.location} -> ${target.location} ${format}, ${method}, ${countLevels(levels)}, ${size(bytes)} written: ${fate}${holes}`
  if (code === exitCodes.ok) await print(io, `${printable(line)}\n`)
  else await say(io, `pool2d: ${printable(line)}\n`)
}

/** A target that is taken has an exit code of its own. */
async function asExit(act: () => Promise<number>): Promise<number> {
  try {
    return await act()
  } catch (error) {
    if (isPoolError(error, 'BAD_PATH') && error.details.exists === true)
      throw new OverwriteError(error.message)
    throw error
  }
}
