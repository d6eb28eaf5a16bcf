/**
 * @file The arrays of a plan's levels in the target.
 */
import type { Scalar } from '../../tensor/dtype.ts'
import { objectOf } from '../plan/plan-stages.ts'
import type { PyramidPlan } from '../plan/pyramid-plan.ts'
import type { MemoryPool } from '../store/reused-memory.ts'
import { joinKey, type Store } from '../store/store.ts'
import type { ArrayMetadata } from '../zarr/array-metadata.ts'
import { ZarrArray } from '../zarr/zarr-array.ts'

export function levelMetadata(plan: PyramidPlan, level: number): ArrayMetadata {
  const { shape, chunks, shard } = plan.levels[level]!
  const { type } = plan.source
  const isV3 = plan.format === 'ome0.5' || plan.format === 'zarr3'
  const encoding = { littleEndian: true, codecs: plan.codecs }
  return {
    zarrFormat: isV3 ? 3 : 2,
    shape,
    type,
    grid: objectOf(plan.levels[level]!),
    encoding,
    ...(shard !== undefined && {
      sharding: { chunks, encoding, index: { atStart: false, littleEndian: true, hasChecksum: true } },
    }),
    fill: scalarOf(plan.fill, plan),
    keys: { separator: '/', prefix: isV3 },
    attributes: {},
    axisNames: plan.axes.map(({ name }) => name),
  }
}

/** A number of a plan as an element. */
export function scalarOf(text: string, { source: { type } }: PyramidPlan): Scalar {
  return type === 'int64' || type === 'uint64' ? BigInt(text) : Number(text)
}

export function levelPath({ target, levels }: PyramidPlan, level: number): string {
  return joinKey(target.path, levels[level]!.path)
}

/** A level as it is in the target. The level that was there before has metadata of its own. */
export async function openLevel(
  plan: PyramidPlan,
  level: number,
  store: Store,
  memories: MemoryPool,
): Promise<ZarrArray> {
  const path = levelPath(plan, level)
  if (level === 0 && plan.target.inPlace) return await ZarrArray.open(store, path)
  return await ZarrArray.of(store, path, levelMetadata(plan, level), memories)
}
