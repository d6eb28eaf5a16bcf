/**
 * @file The levels of a pyramid: factors, shapes, where their elements lie.
 */
import { invalid } from '../../errors.ts'
import { type EdgeRule, sizesOf } from '../downsample/options.ts'
import { metresOf } from '../ome/length-units.ts'
import { type Axis, isSpace, type Placement } from '../ome/multiscales.ts'

/** One number for all axes of space, by the names of axes, or 'auto'. */
export type FactorOption = number | 'auto' | Readonly<Record<string, number>>

export interface LevelRequest {
  readonly shape: readonly number[]
  readonly axes: readonly Axis[]
  readonly placement: Placement
  readonly factor: FactorOption
  readonly edges: EdgeRule
  /** With level 0. */
  readonly levels?: number | undefined
  /** The last level is the first that is no longer than this along the pooled axes. */
  readonly minSize: readonly number[]
  /** Elements are picked, not covered by windows. */
  readonly pick: boolean
}

export interface Level extends Placement {
  readonly shape: readonly number[]
  readonly factors: readonly number[]
  readonly step: readonly number[]
}

const mostLevels = 60

/** @throws PoolError "BAD_PARAM" for factors and levels that do not fit the axes */
export function planLevels(request: LevelRequest): Level[] {
  const { shape, placement, levels: wanted, minSize, edges } = request
  const ones = shape.map(() => 1)
  const levels: Level[] = [{ shape, factors: ones, step: ones, ...placement }]
  const pooled = pooledAxes(request)
  while (levels.length < (wanted ?? mostLevels)) {
    const last = levels.at(-1)!
    const isSmall = pooled.every((axis) => last.shape[axis]! <= minSize[axis]!)
    if (wanted === undefined && isSmall) break
    const step = stepFrom(last, request)
    if (step.every((factor) => factor === 1)) break
    const factors = last.factors.map((factor, axis) => factor * step[axis]!)
    levels.push({
      shape: sizesOf(last.shape, step, edges),
      factors,
      step,
      ...placementAt(placement, factors, request.pick),
    })
  }
  if (wanted === undefined || levels.length === wanted) return levels
  throw invalid(
    'BAD_PARAM',
    { op: 'pyramid', argument: 'levels', value: wanted },
    `${shape.join('x')} has ${levels.length} levels at most: then every pooled axis has one element`,
    `Give ${levels.length}, or leave it out.`,
  )
}

/** Windows are centred between the elements they cover; elements that are picked stay where they are. */
function placementAt(
  { scale, translation }: Placement,
  factors: readonly number[],
  pick: boolean,
): Placement {
  return {
    scale: scale.map((s, axis) => s * factors[axis]!),
    translation: translation.map((t, axis) => (pick ? t : t + (scale[axis]! * (factors[axis]! - 1)) / 2)),
  }
}

function pooledAxes({ axes, factor }: LevelRequest): number[] {
  return axes.flatMap((axis, i) => (isPooled(axis, factor) ? [i] : []))
}

function isPooled(axis: Axis, factor: FactorOption): boolean {
  return typeof factor === 'object' ? (factor[axis.name] ?? 1) > 1 : isSpace(axis)
}

/** The next window. Axes of one element stay; so do, with edges 'trim', those that are shorter than it. */
function stepFrom({ shape, scale }: Level, { axes, factor, edges }: LevelRequest): number[] {
  const wanted = axes.map((axis) => {
    if (!isPooled(axis, factor)) return 1
    return factor === 'auto' ? 2 : typeof factor === 'number' ? factor : factor[axis.name]!
  })
  const open = wanted.map(
    (step, axis) => step > 1 && shape[axis]! > 1 && (edges === 'keep' || shape[axis]! >= step),
  )
  const steps = wanted.map((step, axis) => (open[axis] ? step : 1))
  if (factor !== 'auto') return steps
  const spacings = scale.map((s, axis) => Math.abs(s) * (metresOf.get(axes[axis]!.unit ?? '') ?? 1))
  const least = Math.min(...spacings.filter((_, axis) => open[axis]))
  return steps.map((step, axis) => (step > 1 && spacings[axis]! < Math.SQRT2 * least ? 2 : 1))
}

/** @throws PoolError "BAD_PARAM" for factors of unknown axes or channels, and for factors other than whole numbers >= 1 */
export function assertFactor(factor: FactorOption, axes: readonly Axis[]): void {
  const refuse = (argument: string, value: unknown, rule: string, repair: string) =>
    invalid('BAD_PARAM', { op: 'pyramid', argument, value }, rule, repair)
  if (factor === 'auto') {
    const units = new Set(axes.filter(isSpace).map(({ unit }) => unit))
    const isOdd = units.size > 1 && [...units].some((unit) => !metresOf.has(unit ?? ''))
    if (isOdd)
      throw refuse(
        'factor',
        factor,
        `the units ${[...units].join(', ')} cannot be compared`,
        'Give a factor for each axis.',
      )
    return
  }
  if (typeof factor === 'number') {
    if (Number.isSafeInteger(factor) && factor >= 2) return
    throw refuse('factor', factor, 'must be a whole number >= 2', 'Pass e.g. 2.')
  }
  for (const [name, value] of Object.entries(factor)) {
    const axis = axes.find((each) => each.name === name)
    if (axis === undefined)
      throw refuse(
        `factor.${name}`,
        value,
        `the axes are ${axes.map((each) => each.name).join(', ')}`,
        'Name one of them.',
      )
    if (!Number.isSafeInteger(value) || value < 1)
      throw refuse(`factor.${name}`, value, 'must be a whole number >= 1', 'Pass e.g. 2.')
    if (value > 1 && (axis.type === 'channel' || name === 'c'))
      throw refuse(
        `factor.${name}`,
        value,
        'channels are not pooled: they are no samples along a distance',
        'Leave it out.',
      )
  }
  if (Object.values(factor).every((value) => value === 1))
    throw refuse(
      'factor',
      JSON.stringify(factor),
      'one factor at least must be above 1',
      'Pass e.g. y=2,x=2.',
    )
}
