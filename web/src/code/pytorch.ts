/**
 * @file The settings as PyTorch code, and where PyTorch's rules differ.
 */
import { formatNumber } from '../../../src/render/number.ts'
import type { Pooling } from '../../../src/render/pooling.ts'
import { blurred, windowed } from './pytorch-windows.ts'
import {
  call,
  countsAll,
  isDilated,
  isEven,
  isPadded,
  isPadOverHalf,
  type Note,
  noNodata,
  type Sample,
  type Snippet,
  size,
} from './snippet.ts'

export function pytorch(sample: Sample): Snippet {
  const { code, notes } = countsAll(sample.pooling) ? body(sample) : noNodata
  const imports = ['import torch', ...(code?.includes('F.') ? ['import torch.nn.functional as F'] : [])]
  return { code: code === null ? null : [...imports, '', code].join('\n'), notes }
}

function body(sample: Sample): Snippet {
  const { pooling, shape } = sample
  const { op, kernel, out, seed, norm } = pooling
  switch (op) {
    case 'max':
      return select(sample, '')
    case 'min':
      return select(sample, '-')
    case 'avg':
      return average(sample)
    case 'lp':
      return lp(sample)
    case 'adaptive-max':
      return { code: `y = torch.nn.AdaptiveMaxPool2d(${size(out)})(x)`, notes: [] }
    case 'adaptive-avg':
      return { code: `y = torch.nn.AdaptiveAvgPool2d(${size(out)})(x)`, notes: [] }
    case 'fractional':
      return {
        code: [
          `torch.manual_seed(${seed})`,
          `samples = torch.rand(1, ${shape[1]}, 2)`,
          `pool = torch.nn.FractionalMaxPool2d(${size(kernel)}, output_size=(${out.join(', ')}), _random_samples=samples)`,
          'y = pool(x)',
        ].join('\n'),
        notes: ['seededWindows'],
      }
    case 'unpool':
      return unpool(sample)
    case 'global-max':
      return { code: 'y = x.amax(dim=(2, 3), keepdim=True)', notes: [] }
    case 'global-avg':
      return { code: 'y = x.mean(dim=(2, 3), keepdim=True)', notes: [] }
    case 'global-lp':
      return {
        code: `y = torch.linalg.vector_norm(x, ${float(norm)}, dim=(2, 3), keepdim=True)`,
        notes: [],
      }
    case 'sum':
      return isDilated(sample) ? { code: null, notes: ['noDilatedAverage'] } : summed(sample)
    case 'spatial-pyramid-max':
    case 'spatial-pyramid-avg': {
      const name = op.endsWith('max') ? 'F.adaptive_max_pool2d' : 'F.adaptive_avg_pool2d'
      const sizes = pooling.levels.map((level) => size(level)).join(', ')
      return {
        code: `levels = [${name}(x, size).flatten(1) for size in [${sizes}]]\ny = torch.cat(levels, dim=1)`,
        notes: [],
      }
    }
    case 'roi-pool':
    case 'roi-align':
    case 'ps-roi-pool':
    case 'ps-roi-align':
      return region(pooling)
    case 'area':
      return { code: null, notes: ['noArea'] }
    case 'blur':
    case 'max-blur':
      return blurred(sample)
    default:
      return windowed(sample)
  }
}

function region({ op, box, out, ratio, aligned }: Pooling): Snippet {
  const args = [
    'x',
    'boxes',
    `output_size=${size(out)}`,
    op.endsWith('align') && ratio > 0 ? `sampling_ratio=${ratio}` : null,
    op === 'roi-align' && aligned ? 'aligned=True' : null,
  ]
  return {
    code: [
      'import torchvision',
      '',
      `boxes = torch.tensor([[0, ${box.join(', ')}]], dtype=x.dtype)  # image, x1, y1, x2, y2`,
      `y = ${call(`torchvision.ops.${op.replaceAll('-', '_')}`, args)}`,
    ].join('\n'),
    notes: ['regionsOfTorchvision'],
  }
}

/** An average that divides by 1. */
function summed(sample: Sample): Snippet {
  const { code, notes } = average({ ...sample, pooling: { ...sample.pooling, divisor: 1 } })
  return { code, notes: ['sumByHand', ...notes] }
}

function float(value: number): string {
  return Number.isFinite(value) ? formatNumber(value) : 'float("inf")'
}

/** Padding that PyTorch's layers do not support is a separate layer before them: left, right, top, bottom. */
function padFirst({ pads: [rows, columns] }: Sample, source: string, value: string): string {
  return `F.pad(${source}, (${[...columns, ...rows].join(', ')}), value=${value})`
}

function windowArguments(sample: Sample, ownPadding: boolean): (string | null)[] {
  const { kernel, stride, ceil } = sample.pooling
  const [rows, columns] = sample.pads
  return [
    size(kernel),
    `stride=${size(stride)}`,
    ownPadding && isPadded(sample) ? `padding=${size([rows[0], columns[0]])}` : null,
    isDilated(sample) ? `dilation=${size(sample.pooling.dilation)}` : null,
    ceil ? 'ceil_mode=True' : null,
  ]
}

function paddingNotes(sample: Sample, byHand: boolean, note: Note): Note[] {
  if (!byHand) return []
  return sample.pooling.ceil ? [note, 'ceilByHand'] : [note]
}

function needsHand(sample: Sample): boolean {
  return isPadded(sample) && (!isEven(sample) || isPadOverHalf(sample))
}

function select(sample: Sample, sign: '' | '-'): Snippet {
  const byHand = needsHand(sample)
  const source = `${sign}x`
  const input = byHand ? padFirst(sample, source, 'float("-inf")') : source
  const pool = call('torch.nn.MaxPool2d', windowArguments(sample, !byHand))
  const isOver = byHand && isEven(sample)
  return {
    code: `pool = ${pool}\ny = ${sign}pool(${input})`,
    notes: [
      ...(sign === '-' ? (['minNegated'] as const) : []),
      ...(isOver ? (['padOverHalf'] as const) : []),
      ...paddingNotes(sample, byHand, 'paddingByHand'),
    ],
  }
}

function average(sample: Sample): Snippet {
  if (isDilated(sample)) return { code: null, notes: ['noDilatedAverage'] }
  const { countPad, divisor } = sample.pooling
  const byHand = needsHand(sample)
  const isMasked = byHand && !countPad && divisor === null
  const pool = call('torch.nn.AvgPool2d', [
    ...windowArguments(sample, !byHand),
    isPadded(sample) && !byHand && divisor === null
      ? `count_include_pad=${countPad ? 'True' : 'False'}`
      : null,
    divisor === null ? null : `divisor_override=${divisor}`,
  ])
  const padded = byHand ? padFirst(sample, 'x', '0.0') : 'x'
  const mask = padFirst(sample, 'torch.ones_like(x)', '0.0')
  const y = isMasked ? `pool(${padded}) / pool(${mask})` : `pool(${padded})`
  return {
    code: `pool = ${pool}\ny = ${y}`,
    notes: [
      ...paddingNotes(sample, byHand, 'paddingByHandZeros'),
      ...(isMasked ? (['maskedAverage'] as const) : []),
    ],
  }
}

function lp(sample: Sample): Snippet {
  if (isDilated(sample)) return { code: null, notes: ['noDilatedNorm'] }
  const { norm } = sample.pooling
  const byHand = isPadded(sample)
  const input = byHand ? padFirst(sample, 'x.abs()', '0.0') : 'x.abs()'
  const pool = Number.isFinite(norm)
    ? call('torch.nn.LPPool2d', [formatNumber(norm), ...windowArguments(sample, false)])
    : call('torch.nn.MaxPool2d', windowArguments(sample, false))
  return {
    code: `pool = ${pool}\ny = pool(${input})`,
    notes: [
      Number.isFinite(norm) ? 'signedNorm' : 'normInfinity',
      ...paddingNotes(sample, byHand, 'paddingByHandZeros'),
    ],
  }
}

function unpool(sample: Sample): Snippet {
  const args = windowArguments(
    { ...sample, pooling: { ...sample.pooling, ceil: false, dilation: [1, 1] } },
    true,
  )
  return {
    code: [
      `pool = ${call('torch.nn.MaxPool2d', [...args, 'return_indices=True'])}`,
      `unpool = ${call('torch.nn.MaxUnpool2d', args)}`,
      'pooled, indices = pool(x)',
      'y = unpool(pooled, indices, output_size=x.size())',
    ].join('\n'),
    notes: [],
  }
}
