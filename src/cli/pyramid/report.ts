/**
 * @file Reports of plans and of finished runs.
 */
import type { PyramidPlan } from '../../pyramid/plan/pyramid-plan.ts'
import { formatShape } from '../../tensor/shape.ts'
import { printable } from '../printable.ts'

/** A line for the pyramid, and one for each level. */
export function planLines({
  source,
  target,
  format,
  method,
  levels,
  codecs,
  axes,
  tasks,
  stages,
  bytes,
}: PyramidPlan): string[] {
  const codec = codecs.length === 0 ? 'no codec' : codecs.map(({ name }) => name).join(', ')
  const names = axes.map(({ name }) => name).join('')
  return [
    `${source.location} ${formatShape(source.shape)} ${source.type} -> ${target.location} ${format}, ${method}, ${countLevels(levels)}, ${codec}`,
    ...levels.map(({ path, shape, chunks, shard, scale, translation }) => {
      const place = axes
        .map(({ name }, i) => `${name} ${short(translation[i]!)} + ${short(scale[i]!)} i`)
        .join(', ')
      const inShards = shard === undefined ? '' : ` in shards of ${formatShape(shard)}`
      return `  ${path}: ${names} ${formatShape(shape)}, chunks of ${formatShape(chunks)}${inShards}; ${place}`
    }),
    `  ${counted(tasks, 'task')} in ${counted(stages.length, 'stage')}; reads ${size(bytes.read)}, writes ${size(bytes.written)} before compression; a task holds about ${size(bytes.task)}`,
  ].map(printable)
}

export function countLevels({ length }: PyramidPlan['levels']): string {
  return counted(length, 'level')
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}

export function size(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB']
  let [value, unit] = [bytes, 0]
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  return `${unit === 0 ? value : value.toPrecision(3)} ${units[unit]}`
}

function short(value: number): string {
  return String(Number(value.toPrecision(6)))
}
