/**
 * @file The target of a plan: claimed before anything is written, refused where something else is there, and marked as done at the end.
 */
import { version as program } from '../../../package.json' with { type: 'json' }
import { PoolError } from '../../errors.ts'
import { formatImageGroup, formatLabels, formatPlainGroup, type ImageGroup } from '../ome/multiscales.ts'
import type { PyramidPlan } from '../plan/pyramid-plan.ts'
import { joinKey, type Store } from '../store/store.ts'
import { zstdEncoder } from '../zarr/codecs.ts'
import { formatArray } from '../zarr/format-array.ts'
import { formatJson, parseJson } from '../zarr/json-values.ts'
import { levelMetadata, levelPath } from './level-arrays.ts'

const encoders = { node: 'Node, since 22.15', numcodecs: 'numcodecs, on Node before 22.15' }
const planKey = '.pool2d/plan.json'

/** The plan stored in a target; undefined if it has no plan. */
export async function readPlan(store: Store, path = ''): Promise<PyramidPlan | undefined> {
  const key = joinKey(path, planKey)
  const bytes = await store.get(key)
  return bytes === undefined ? undefined : (parseJson(key, bytes).json as unknown as PyramidPlan)
}

/**
 * Claims the target for a plan, and writes the metadata of its levels.
 *
 * @throws PoolError "BAD_PATH" where something is there
 */
export async function claimTarget(plan: PyramidPlan, store: Store): Promise<void> {
  const { path, inPlace } = plan.target
  const taken = inPlace
    ? await firstObject(
        store,
        plan.levels.slice(1).map(({ path: own }) => `${joinKey(path, own)}/`),
      )
    : await firstObject(store, [path === '' ? '' : `${path}/`])
  if (taken !== undefined) throw occupied(store, path, taken)
  const claimed = await store.set(joinKey(path, planKey), formatJson(plan), { ifAbsent: true })
  if (!claimed) throw occupied(store, path, planKey)
  await writeLevelMetadata(plan, store)
}

/** The metadata of the levels that the plan makes; the same bytes each time. */
export async function writeLevelMetadata(plan: PyramidPlan, store: Store): Promise<void> {
  for (let level = plan.target.inPlace ? 1 : 0; level < plan.levels.length; level++) {
    for (const [name, bytes] of Object.entries(formatArray(levelMetadata(plan, level))))
      await store.set(joinKey(levelPath(plan, level), name), bytes)
  }
}

async function firstObject(store: Store, prefixes: readonly string[]): Promise<string | undefined> {
  for (const prefix of prefixes) for await (const { key } of store.list(prefix)) return key
  return undefined
}

function occupied(store: Store, path: string, key: string): PoolError {
  const place = joinKey(store.location, path)
  const repair = key.endsWith(planKey)
    ? 'Resume the run, or choose another target.'
    : 'Choose another target.'
  return new PoolError(
    'BAD_PATH',
    `${place}: exists; ${key} is there, and nothing is overwritten. ${repair}`,
    {
      op: 'pyramid',
      argument: key,
      exists: true,
    },
  )
}

/** @throws PoolError "BAD_PARAM" unless the target was claimed by this plan, by this version of the program */
export async function assertSamePlan(plan: PyramidPlan, store: Store): Promise<void> {
  const stored = await readPlan(store, plan.target.path)
  const place = joinKey(store.location, plan.target.path)
  const refuse = (rule: string) =>
    new PoolError('BAD_PARAM', `${place}: ${rule}`, { op: 'pyramid', argument: 'plan' })
  if (stored === undefined) throw refuse('holds no plan. Start the run there first.')
  if (stored.program !== plan.program)
    throw refuse(
      `was begun by pool2d ${stored.program}, and this is ${plan.program}. Use that version, or begin anew.`,
    )
  if (plan.program !== program)
    throw refuse(
      `was planned by pool2d ${plan.program}, and this is ${program}. Use that version, or begin anew.`,
    )
  const isZstd = plan.codecs.some(({ name }) => name === 'zstd')
  if (isZstd && plan.encoder !== zstdEncoder)
    throw refuse(
      `its zstd is encoded by ${encoders[plan.encoder]}, and here by ${encoders[zstdEncoder]}. Run it on such a Node, for the same bytes.`,
    )
  if (stored.source.fingerprint !== plan.source.fingerprint)
    throw refuse('the metadata of the source have changed since the run began. Begin anew in another target.')
  if (stored.hash !== plan.hash) {
    const differing = Object.keys(plan).filter((name) => {
      const [a, b] = [stored, plan].map((each) => JSON.stringify(each[name as keyof PyramidPlan]))
      return !['hash', 'stages', 'tasks', 'bytes', 'source', 'target'].includes(name) && a !== b
    })
    throw refuse(`was begun with other settings: ${differing.join(', ')}. Give the same ones, or begin anew.`)
  }
  if (JSON.stringify(stored.stages) !== JSON.stringify(plan.stages))
    throw refuse(
      'was begun with the work cut otherwise, for another memory. Run the plan in .pool2d/plan.json.',
    )
}

/** The group's metadata, the sign that the pyramid is done, after those that list its label images. */
export async function markDone(plan: PyramidPlan, store: Store): Promise<void> {
  const zarrFormat = plan.format === 'ome0.4' || plan.format === 'zarr2' ? 2 : 3
  for (const [name, bytes] of Object.entries(plan.labels ? formatLabels(zarrFormat, plan.labels) : {}))
    await store.set(joinKey(plan.target.path, name), bytes)
  for (const [name, bytes] of Object.entries(groupMetadata(plan)))
    await store.set(joinKey(plan.target.path, name), bytes)
}

function groupMetadata(plan: PyramidPlan): Readonly<Record<string, Uint8Array>> {
  const {
    format,
    method,
    levels,
    axes,
    name,
    transforms,
    beside,
    program,
    background,
    nodata,
    alpha,
    edges,
  } = plan
  const making = {
    type: method,
    metadata: {
      method: 'pool2d.downsample',
      version: program,
      kwargs: {
        method,
        edges,
        ...(background !== undefined && { background }),
        ...(nodata !== undefined && { nodata }),
        ...(alpha && { alpha }),
      },
    },
  }
  const datasets = levels.map(({ path, scale, translation }) => ({ path, scale, translation }))
  if (format === 'zarr2' || format === 'zarr3') {
    const level = ({ path, scale, translation }: (typeof datasets)[number]) => ({ path, scale, translation })
    return formatPlainGroup(format === 'zarr3' ? 3 : 2, {
      pool2d: { axes, levels: datasets.map(level), ...making },
    })
  }
  const group: ImageGroup = {
    version: format === 'ome0.4' ? '0.4' : '0.5',
    axes,
    datasets,
    name: name ?? nameOf(plan),
    ...(transforms !== undefined && { transforms }),
    beside,
  }
  return formatImageGroup(group, making)
}

/** Without a name of its own an image has that of its file or folder. */
function nameOf({ source: { location, path } }: PyramidPlan): string {
  const last = joinKey(location, path)
    .split(/[\\/]/)
    .filter((part) => part !== '')
    .at(-1)
  return (last ?? 'image').replace(/(\.ome)?\.\w+$/, '')
}

/** True if the group's metadata exist. */
export async function isDone(plan: PyramidPlan, store: Store): Promise<boolean> {
  const [name] = Object.keys(groupMetadata(plan)).slice(-1)
  const bytes = await store.get(joinKey(plan.target.path, name!))
  if (bytes === undefined) return false
  return !plan.target.inPlace || new TextDecoder().decode(bytes).includes(`"${plan.levels.at(-1)!.path}"`)
}
