/**
 * @file Which elements count, and how many of each window, in WGSL.
 */
import { dtypes } from '../../../tensor/dtype.ts'
import type { GpuDType } from './elements.ts'
import { type Bound, elementwise, type Program } from './program.ts'
import { windowwise } from './sharing.ts'
import { type CountedDivisor, divisorOf, locate, overTaps, type Windows } from './windows.ts'

export interface MapShader {
  /** The dtype of x if elements of one value are left out: the parameter of the run, as bits. */
  readonly nodata: GpuDType | null
  /** The dtype of the mask, and whether samples or channels share its planes. */
  readonly mask: { readonly dtype: GpuDType; readonly isShared: boolean } | null
}

/** 1 for each element that counts, else 0, in the layout of x. */
export function mapProgram({ nodata, mask }: MapShader): Program {
  const bindings: Bound[] = [{ name: 'map', dtype: 'uint8', access: 'out' }]
  if (nodata !== null) bindings.push({ name: 'x', dtype: nodata, access: 'in' })
  if (mask !== null) bindings.push({ name: 'mask', dtype: mask.dtype, access: 'in' })
  const isMissing =
    nodata !== null && dtypes[nodata].float ? 'is_same(read_x(at))' : 'read_x(at) == run.parameter'
  const element = `${nodata === null ? '' : `  if (${isMissing}) { return 0u; }`}
${mask === null ? '' : `  if (read_mask(${mask.isShared ? 'shared_place(at)' : 'at'}) == 0u) { return 0u; }`}
  return 1u;`
  const functions = [nodata === null ? '' : isSame, mask?.isShared ? sharedPlace : '']
  return elementwise(bindings, element, functions.join('\n'))
}

/** NaN is NaN, and zeros of both signs are one. */
const isSame = `fn is_same(bits: u32) -> bool {
  let value = run.parameter;
  let isNaN = (bits & 0x7fffffffu) > 0x7f800000u && (value & 0x7fffffffu) > 0x7f800000u;
  return bits == value || isNaN || ((bits | value) << 1u) == 0u;
}`

/** The words in the place of a plan: whether channels lie last, channels, elements of a plane, and of the mask: samples, channels. */
export const sharedWords = 5

const sharedPlace = `fn shared_place(at: u32) -> u32 {
  let channels = tables[1u];
  let size = tables[2u];
  let own = tables[4u];
  if (tables[0u] == 1u) {
    let channel = at % channels;
    let place = (at / channels) % size;
    let sample = run.plane + at / channels / size;
    return (select(sample, 0u, tables[3u] == 1u) * size + place) * own + select(channel, 0u, own == 1u);
  }
  let plane = run.plane + at / size;
  let channel = plane % channels;
  let sample = plane / channels;
  return (select(sample, 0u, tables[3u] == 1u) * own + select(channel, 0u, own == 1u)) * size + at % size;
}`

/** The elements of each window that count. */
export function countsProgram(rank: number, isShared: boolean): Program {
  const windows: Windows = { rank, planes: false, divisors: 'none', counted: 'count', isShared }
  const element = `${locate(windows)}\n${overTaps(windows, '')}\n  return count;`
  const bindings: Bound[] = [
    { name: 'y', dtype: 'uint32', access: 'out' },
    { name: 'map', dtype: 'uint8', access: 'in' },
  ]
  return windowwise(windows, bindings, element, '')
}

/** Results of windows in which too few elements count. The others have those of passes along axes. */
export function filledProgram(from: GpuDType, to: GpuDType, indices: boolean): Program {
  const bindings: Bound[] = [
    { name: 'y', dtype: to, access: 'out' },
    { name: 'x', dtype: from, access: 'in' },
    { name: 'counts', dtype: 'uint32', access: 'in' },
  ]
  if (indices) {
    bindings.push({ name: 'places', dtype: 'int32', access: 'in' })
    bindings.push({ name: 'indices', dtype: 'int32', access: 'out' })
  }
  const element = `  let isFew = read_counts(at) < run.least;
${indices ? '  indices[run.indices_base + at] = select(read_places(at), 0xffffffffu, isFew);' : ''}
  return select(read_x(at), run.fill, isFew);`
  return elementwise(bindings, element, '')
}

/** Elements that count, and 0 for those that are left out. */
export function keptProgram(from: GpuDType, to: GpuDType): Program {
  const bindings = [
    { name: 'y', dtype: to, access: 'out' },
    { name: 'x', dtype: from, access: 'in' },
    { name: 'map', dtype: 'uint8', access: 'in' },
  ] as const
  return elementwise(bindings, '  return select(read_x(at), 0u, read_map(at) == 0u);', '')
}

/** What divides the gradient of each window, from its count: 0 if too few elements count, so that it gives none. */
export function sharesProgram(rank: number, counted: CountedDivisor): Program {
  const windows: Windows = { rank, planes: false, divisors: 'output', counted }
  const divisor = counted === 'plan' ? '1u' : divisorOf(windows)
  const element = `${locate(windows)}
  count = read_counts(at);
  return select(${divisor}, 0u, count < run.least);`
  const bindings: Bound[] = [
    { name: 'y', dtype: 'uint32', access: 'out' },
    { name: 'counts', dtype: 'uint32', access: 'in' },
  ]
  return elementwise(bindings, element, '')
}
