/**
 * @file The settings as TensorFlow.js code. Its padding is always given side by side: the other forms are wrong for some windows.
 */
import { formatNumber } from '../../../src/render/number.ts'
import { type Pair, reads } from '../../../src/render/pooling.ts'
import {
  both,
  countsAll,
  isDilated,
  isPadded,
  type Note,
  noNodata,
  type Sample,
  type Snippet,
} from './snippet.ts'

export function tensorflow(sample: Sample): Snippet {
  const { code, notes } = countsAll(sample.pooling) ? body(sample) : noNodata
  if (code === null) return { code, notes }
  const lines = [`import * as tf from '@tensorflow/tfjs'`, '', ...thinning(sample), code]
  return { code: lines.join('\n'), notes: [...notes, 'channelsLast'] }
}

function body(sample: Sample): Snippet {
  const { pooling } = sample
  switch (pooling.op) {
    case 'max':
      return { code: `const y = ${pool(sample, 'max', 'x')}`, notes: selectNotes(sample) }
    case 'min':
      return {
        code: `const y = tf.neg(${pool(sample, 'max', 'tf.neg(x)')})`,
        notes: ['minNegated', ...selectNotes(sample)],
      }
    case 'avg':
      return average(sample)
    case 'lp':
      return lp(sample)
    case 'adaptive-max':
      return adaptive(sample, 'max')
    case 'adaptive-avg':
      return adaptive(sample, 'avg')
    case 'fractional':
      return { code: null, notes: ['noFractional'] }
    case 'spatial-pyramid-max':
    case 'spatial-pyramid-avg':
    case 'roi-pool':
    case 'roi-align':
    case 'ps-roi-pool':
    case 'ps-roi-align':
      return { code: null, notes: ['noDrawnRegions'] }
    case 'unpool':
      return { code: null, notes: ['noUnpool'] }
    case 'global-max':
      return { code: 'const y = tf.max(x, [1, 2], true)', notes: [] }
    case 'global-avg':
      return { code: 'const y = tf.mean(x, [1, 2], true)', notes: [] }
    case 'global-lp':
      return globalNorm(pooling.norm)
    default:
      return { code: null, notes: [] }
  }
}

function sides({ pads: [rows, columns] }: Sample): string {
  return `[[0, 0], ${both(rows)}, ${both(columns)}, [0, 0]]`
}

function isThinned(sample: Sample): boolean {
  return isDilated(sample) && sample.pooling.stride.some((step) => step > 1)
}

/** Dilation and stride together are refused: the dense result is thinned. */
function thinning(sample: Sample): string[] {
  if (!reads[sample.pooling.op].includes('dilation') || !isThinned(sample)) return []
  const steps = `[1, ${sample.pooling.stride.join(', ')}, 1]`
  return [`const thin = (t) => tf.stridedSlice(t, [0, 0, 0, 0], t.shape, ${steps})`]
}

/** Dilated windows go through tf.pool, whose own padding is not to be trusted. */
function pool(sample: Sample, kind: 'max' | 'avg', source: string): string {
  const { kernel, stride, dilation, ceil } = sample.pooling
  const rounding = ceil ? `, 'ceil'` : ''
  if (isDilated(sample)) {
    const value = kind === 'max' ? ', -Infinity' : ''
    const input = isPadded(sample) ? `tf.pad(${source}, ${sides(sample)}${value})` : source
    const dense = `tf.pool(${input}, ${both(kernel)}, '${kind}', 'valid', ${both(dilation)}, [1, 1])`
    return isThinned(sample) ? `thin(${dense})` : dense
  }
  const padding = isPadded(sample) ? sides(sample) : ceil ? '0' : `'valid'`
  return `tf.${kind}Pool(${source}, ${both(kernel)}, ${both(stride)}, ${padding}${rounding})`
}

function roundingNotes(sample: Sample): Note[] {
  const notes: Note[] = []
  if (sample.pooling.ceil) notes.push('noCeilRule')
  if (isDilated(sample) && isPadded(sample)) notes.push('dilatedPadding')
  if (isThinned(sample)) notes.push('dilatedStride')
  return notes
}

function selectNotes(sample: Sample): Note[] {
  return [...roundingNotes(sample), 'nanIgnored']
}

function average(sample: Sample): Snippet {
  const { countPad, divisor, kernel } = sample.pooling
  const counts = isPadded(sample) && (countPad || divisor !== null)
  const unpadded = {
    ...sample,
    pads: [
      [0, 0],
      [0, 0],
    ] as const,
  }
  const code = counts ? pool(unpadded, 'avg', `tf.pad(x, ${sides(sample)})`) : pool(sample, 'avg', 'x')
  const scaled = divisor === null ? code : `tf.mul(${code}, ${kernel[0] * kernel[1]} / ${divisor})`
  return {
    code: `const y = ${scaled}`,
    notes: [
      ...(counts ? (['excludesPadding'] as const) : []),
      ...(divisor === null ? [] : (['noDivisor'] as const)),
      ...roundingNotes(counts ? unpadded : sample),
    ],
  }
}

function lp(sample: Sample): Snippet {
  const { norm, kernel } = sample.pooling
  const unpadded = {
    ...sample,
    pads: [
      [0, 0],
      [0, 0],
    ] as const,
  }
  const source = isPadded(sample) ? `tf.pad(tf.abs(x), ${sides(sample)})` : 'tf.abs(x)'
  if (!Number.isFinite(norm)) {
    return {
      code: `const y = ${pool(unpadded, 'max', source)}`,
      notes: ['normInfinity', ...roundingNotes(unpadded)],
    }
  }
  const p = formatNumber(norm)
  const count = kernel[0] * kernel[1]
  const mean = pool(unpadded, 'avg', `tf.pow(${source}, ${p})`)
  return {
    code: `const mean = ${mean}\nconst y = tf.pow(tf.mul(mean, ${count}), 1 / ${p})`,
    notes: ['normByHand', ...roundingNotes(unpadded)],
  }
}

function adaptive({ pooling: { out }, shape }: Sample, kind: 'max' | 'avg'): Snippet {
  const [height, width] = [shape[2]!, shape[3]!]
  if (height % out[0] !== 0 || width % out[1] !== 0) return { code: null, notes: ['adaptiveUneven'] }
  const window: Pair = [height / out[0], width / out[1]]
  return {
    code: `const y = tf.${kind}Pool(x, ${both(window)}, ${both(window)}, 'valid')`,
    notes: ['adaptiveByHand'],
  }
}

function globalNorm(norm: number): Snippet {
  if (!Number.isFinite(norm))
    return { code: 'const y = tf.max(tf.abs(x), [1, 2], true)', notes: ['normInfinity'] }
  const p = formatNumber(norm)
  return {
    code: `const y = tf.pow(tf.sum(tf.pow(tf.abs(x), ${p}), [1, 2], true), 1 / ${p})`,
    notes: ['normByHand'],
  }
}
