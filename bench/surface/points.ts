/**
 * @file The points of the surface: the product of its axes, minus the exclusions, each with its reason.
 */
import { type DType, dtypes } from '../../src/tensor/dtype.ts'
import {
  dtypesOf,
  type Geometry,
  geometries,
  type Layout,
  layouts,
  type Operation,
  operations,
  type Pass,
  type Place,
} from './axes.ts'

export interface Point {
  readonly operation: Operation
  readonly pass: Pass
  readonly dtype: DType
  readonly layout: Layout
  readonly geometry: Geometry
  readonly rank: number
  readonly place: Place
}

interface Exclusion {
  readonly reason: string
  excludes(point: Point): boolean
}

const few = ['NCHW', 'NHWC 3', 'NHWC 64']

/** Combinations that are nowhere in the axes have their reason here too. */
export const notInAxes: readonly string[] = [
  'integers have no norm, and no gradient of maxima, minima and averages',
  'gradients of masked poolings, quantiles that are elements, blurs, areas, regions, spatial pyramids and random picks: not measured',
  'maxima with their indices: the backward pass without indices takes them first',
  'global in 1-D and 3-D: one window over all axes is the same window however they are counted',
  '2 s2 in 3-D is 2x2x2; 4 s4, 7 s1, 31 s1, odd sizes and dilation 2 in 3-D: the axes are those of 2-D, one more of them',
]

/** What is measured in memory too. */
const large = {
  operations: ['max', 'average', 'Lp 2'],
  dtypes: ['float32', 'float16', 'uint8', 'int32'] as readonly DType[],
}

const fewLayouts = ['NCHW', 'NHWC 3']
const fewGeometries = ['2 s2', '3 s1 p1', 'adaptive 7']

export const exclusions: readonly Exclusion[] = [
  {
    reason: `masked poolings, moments, smooth means, ranks, labels, blurs, areas, regions, spatial pyramids and random picks: in 2-D at ${fewGeometries.join(', ')}, layouts ${fewLayouts.join(' and ')}`,
    excludes: ({ operation: { sampled }, rank, geometry, layout }) =>
      sampled !== undefined &&
      (rank !== 2 || !fewGeometries.includes(geometry.id) || !fewLayouts.includes(layout.id)),
  },
  {
    reason:
      'gradients of integers, which are none; those of masked poolings, quantiles that are elements, blurs, areas, regions and picks',
    excludes: ({ operation: { sampled }, pass, dtype }) =>
      sampled !== undefined && pass !== 'forward' && !dtypes[dtype].float,
  },
  {
    reason:
      'no such function: minimum and Lp adaptive, minimum global; areas, regions and spatial pyramids have no window; of the sampled ones only these are adaptive',
    excludes: ({ operation, geometry }) => operation.families[geometry.kind] === undefined,
  },
  {
    reason: `1-D, 3-D and 31 s1: layouts ${few.join(', ')} only; few, odd and many channels are in 2-D`,
    excludes: ({ rank, geometry, layout }) =>
      (rank !== 2 || geometry.id === '31 s1') && !few.includes(layout.id),
  },
  {
    reason: `minimum and Lp: layouts ${few.join(', ')} only; they take the paths of maximum and average`,
    excludes: ({ operation, layout }) =>
      !['max', 'average'].includes(operation.id) && !few.includes(layout.id),
  },
  {
    reason: `in memory: ${large.operations.join(', ')} of ${large.dtypes.join(', ')}, layouts ${few.join(', ')}; elsewhere arithmetic costs more than memory, or the same bytes move`,
    excludes: ({ place, operation, dtype, layout }) =>
      place === 'memory' &&
      !(large.operations.includes(operation.id) && large.dtypes.includes(dtype) && few.includes(layout.id)),
  },
]

export function allPoints(): Point[] {
  return product().filter((point) => !exclusions.some(({ excludes }) => excludes(point)))
}

export function product(): Point[] {
  const places: readonly Place[] = ['cache', 'memory']
  return operations.flatMap((operation) =>
    operation.passes.flatMap((pass) =>
      dtypesOf(operation, pass).flatMap((dtype) =>
        geometries.flatMap((geometry) =>
          geometry.ranks.flatMap((rank) =>
            layouts.flatMap((layout) =>
              places.map((place) => ({ operation, pass, dtype, layout, geometry, rank, place })),
            ),
          ),
        ),
      ),
    ),
  )
}

/** Few columns of the heat map with all of their rows, so that the aims that set two points side by side have both. */
export function isInSample({ rank, geometry, layout, place }: Point): boolean {
  if (place !== 'cache' || !few.includes(layout.id)) return false
  return rank === 2 ? ['2 s2', '3 s1 p1'].includes(geometry.id) : rank === 1 && geometry.id === '2 s2'
}

export function rowOf({ operation, pass, dtype }: Point): string {
  return `${operation.id} ${pass} ${dtype}`
}

export function columnOf({ rank, geometry, layout, place }: Point): string {
  return `${geometryOf({ rank, geometry, place })} ${layout.id}`
}

export function geometryOf({ rank, geometry, place }: Pick<Point, 'rank' | 'geometry' | 'place'>): string {
  return `${rank}-D ${geometry.id}${place === 'memory' ? ' in memory' : ''}`
}

export function idOf(point: Point): string {
  return `${rowOf(point)} ${columnOf(point)}`
}
