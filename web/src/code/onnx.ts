/**
 * @file The settings as ONNX nodes, written with onnx.helper.
 */
import { formatNumber } from '../../../src/render/number.ts'
import type { Pooling } from '../../../src/render/pooling.ts'
import {
  both,
  call,
  countsAll,
  isDilated,
  isPadded,
  type Note,
  noNodata,
  type Sample,
  type Snippet,
} from './snippet.ts'

export function onnx(sample: Sample): Snippet {
  const { code, notes } = countsAll(sample.pooling) ? body(sample) : noNodata
  return { code: code === null ? null : `from onnx import helper\n\n${code}`, notes }
}

function body(sample: Sample): Snippet {
  const { pooling } = sample
  switch (pooling.op) {
    case 'max':
      return {
        code: `node = ${node('MaxPool', ['x'], ['y'], [...attributes(sample), ...dilations(sample)])}`,
        notes: notesOf(sample),
      }
    case 'min':
      return {
        code: `nodes = [\n    ${[
          node('Neg', ['x'], ['negated'], []),
          node('MaxPool', ['negated'], ['greatest'], [...attributes(sample), ...dilations(sample)]),
          node('Neg', ['greatest'], ['y'], []),
        ]
          .map((line) => line.replaceAll('\n', '\n    '))
          .join(',\n    ')},\n]`,
        notes: ['minNegated', ...notesOf(sample)],
      }
    case 'avg':
      return average(sample)
    case 'lp':
      return lp(sample)
    case 'adaptive-max':
      return adaptive(sample, 'MaxPool')
    case 'adaptive-avg':
      return adaptive(sample, 'AveragePool')
    case 'fractional':
      return { code: null, notes: ['noFractional'] }
    case 'roi-align':
      return aligned(pooling)
    case 'roi-pool':
      return {
        code: `node = ${node('MaxRoiPool', ['x', 'rois'], ['y'], [`pooled_shape=${both(pooling.out)}`])}  # rois: [[0, ${pooling.box.join(', ')}]]`,
        notes: [],
      }
    case 'spatial-pyramid-max':
    case 'spatial-pyramid-avg':
    case 'ps-roi-pool':
    case 'ps-roi-align':
      return { code: null, notes: ['noDrawnRegions'] }
    case 'unpool':
      return unpool(sample)
    case 'global-max':
      return { code: `node = ${node('GlobalMaxPool', ['x'], ['y'], [])}`, notes: [] }
    case 'global-avg':
      return { code: `node = ${node('GlobalAveragePool', ['x'], ['y'], [])}`, notes: [] }
    case 'global-lp':
      return globalNorm(pooling.norm)
    default:
      return { code: null, notes: [] }
  }
}

function node(
  type: string,
  inputs: readonly string[],
  outputs: readonly string[],
  rest: readonly string[],
): string {
  const names = (list: readonly string[]) => `[${list.map((name) => `"${name}"`).join(', ')}]`
  return call('helper.make_node', [`"${type}"`, names(inputs), names(outputs), ...rest])
}

/** ONNX Runtime forgets the dilation when it works out SAME: the pads are written out then. */
function isForgetful(sample: Sample): boolean {
  return typeof sample.pooling.padding === 'string' && isDilated(sample)
}

function attributes(sample: Sample, takesCeil = true): string[] {
  const { kernel, stride, ceil } = sample.pooling
  const [rows, columns] = sample.pads
  const padding = isForgetful(sample) ? null : sample.pooling.padding
  const list = [`kernel_shape=${both(kernel)}`, `strides=${both(stride)}`]
  if (padding === 'same') list.push('auto_pad="SAME_UPPER"')
  else if (padding === 'same-lower') list.push('auto_pad="SAME_LOWER"')
  else list.push(`pads=[${[rows[0], columns[0], rows[1], columns[1]].join(', ')}]`)
  if (ceil && takesCeil) list.push('ceil_mode=1')
  return list
}

function dilations(sample: Sample): string[] {
  return isDilated(sample) ? [`dilations=${both(sample.pooling.dilation)}`] : []
}

function notesOf(sample: Sample): Note[] {
  const { padding, ceil } = sample.pooling
  const notes: Note[] = ['strideDefault']
  if (isForgetful(sample)) notes.push('sameWithDilation')
  if (typeof padding === 'string' && ceil) notes.push('sameWithCeil')
  return notes
}

function average(sample: Sample): Snippet {
  const { countPad, divisor, kernel } = sample.pooling
  const counted = countPad || divisor !== null
  const list = [
    ...attributes(sample),
    ...dilations(sample),
    ...(isPadded(sample) ? [`count_include_pad=${counted ? 1 : 0}`] : []),
  ]
  const notes: Note[] = [
    ...notesOf(sample),
    ...(isPadded(sample) ? (['onnxCountDefault'] as const) : []),
    ...(isDilated(sample) ? (['onnxDilatedAverage'] as const) : []),
  ]
  if (divisor === null) return { code: `node = ${node('AveragePool', ['x'], ['y'], list)}`, notes }
  return {
    code: [
      `factor = helper.make_tensor("factor", 1, [], [${kernel[0] * kernel[1]} / ${divisor}])  # an initializer`,
      `mean = ${node('AveragePool', ['x'], ['mean'], list)}`,
      `scale = ${node('Mul', ['mean', 'factor'], ['y'], [])}`,
    ].join('\n'),
    notes: [...notes, 'noDivisor'],
  }
}

function lp(sample: Sample): Snippet {
  const { norm, ceil } = sample.pooling
  if (!Number.isFinite(norm)) {
    return {
      code: [
        `magnitude = ${node('Abs', ['x'], ['magnitude'], [])}`,
        `node = ${node('MaxPool', ['magnitude'], ['y'], [...attributes(sample), ...dilations(sample)])}`,
      ].join('\n'),
      notes: ['normInfinity', ...notesOf(sample)],
    }
  }
  if (!Number.isInteger(norm)) return { code: null, notes: ['wholeExponent'] }
  return {
    code: `node = ${node('LpPool', ['x'], ['y'], [...attributes(sample), ...dilations(sample), `p=${formatNumber(norm)}`])}`,
    notes: [
      ...notesOf(sample),
      ...(ceil || isDilated(sample) ? (['onnxLpNew'] as const) : []),
      ...(ceil ? (['scaledNorm'] as const) : []),
    ],
  }
}

function adaptive({ pooling: { out }, shape }: Sample, type: string): Snippet {
  const [height, width] = [shape[2]!, shape[3]!]
  if (height % out[0] !== 0 || width % out[1] !== 0) return { code: null, notes: ['adaptiveUneven'] }
  const window = both([height / out[0], width / out[1]])
  return {
    code: `node = ${node(type, ['x'], ['y'], [`kernel_shape=${window}`, `strides=${window}`])}`,
    notes: ['adaptiveByHand'],
  }
}

function aligned({ box, out, ratio, aligned: isAligned }: Pooling): Snippet {
  const mode = isAligned ? 'half_pixel' : 'output_half_pixel'
  return {
    code: [
      `rois = helper.make_tensor("rois", 1, [1, 4], [${box.join(', ')}])  # initializers`,
      'images = helper.make_tensor("images", 7, [1], [0])',
      `node = ${node(
        'RoiAlign',
        ['x', 'rois', 'images'],
        ['y'],
        [
          `output_height=${out[0]}`,
          `output_width=${out[1]}`,
          `sampling_ratio=${ratio}`,
          `coordinate_transformation_mode="${mode}"`,
        ],
      )}`,
    ].join('\n'),
    notes: ['onnxRegions'],
  }
}

function unpool(sample: Sample): Snippet {
  const list = attributes(sample, false)
  return {
    code: [
      `pool = ${node('MaxPool', ['x'], ['pooled', 'indices'], list)}`,
      `shape = helper.make_tensor("shape", 7, [4], [${sample.shape.join(', ')}])  # an initializer`,
      `unpool = ${node('MaxUnpool', ['pooled', 'indices', 'shape'], ['y'], list)}`,
    ].join('\n'),
    notes: ['strideDefault', 'onnxIndices'],
  }
}

function globalNorm(norm: number): Snippet {
  if (!Number.isFinite(norm)) {
    return {
      code: [
        `magnitude = ${node('Abs', ['x'], ['magnitude'], [])}`,
        `node = ${node('GlobalMaxPool', ['magnitude'], ['y'], [])}`,
      ].join('\n'),
      notes: ['normInfinity'],
    }
  }
  if (!Number.isInteger(norm)) return { code: null, notes: ['wholeExponent'] }
  return { code: `node = ${node('GlobalLpPool', ['x'], ['y'], [`p=${formatNumber(norm)}`])}`, notes: [] }
}
