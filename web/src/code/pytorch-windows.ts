/**
 * @file PyTorch code for reductions that have no layer there: windows are unfolded along the last axis, blurs are convolutions.
 */
import { formatNumber } from '../../../src/render/number.ts'
import { kindOf, type Pair, type Pooling } from '../../../src/render/pooling.ts'
import { both, isDilated, isPadded, type Note, type Sample, type Snippet, size } from './snippet.ts'

/** The reduction of `windows` along its last axis. */
function reduction({ q, correction, exponent, sharpness, kernel, ...pooling }: Pooling): [string, Note?] {
  const count = kernel[0] * kernel[1]
  const p = formatNumber(exponent)
  const r = formatNumber(sharpness).replaceAll('−', '-')
  switch (kindOf(pooling)) {
    case 'median':
      return ['windows.quantile(0.5, dim=-1)', 'medianOfTwo']
    case 'quantile':
      return [`windows.quantile(${formatNumber(q)}, dim=-1)`]
    case 'mode':
      return ['windows.mode(dim=-1).values', 'modeTies']
    case 'var':
      return [`windows.var(dim=-1, correction=${formatNumber(correction)})`]
    case 'std':
      return [`windows.std(dim=-1, correction=${formatNumber(correction)})`]
    case 'gem':
      return [`windows.clamp(min=1e-6).pow(${p}).mean(dim=-1).pow(1 / ${p})`]
    case 'soft':
      return ['(windows.softmax(dim=-1) * windows).sum(dim=-1)']
    case 'stochastic-mean':
      return ['windows.relu().square().sum(dim=-1) / windows.relu().sum(dim=-1).clamp(min=1e-38)']
    case 'lse':
      return [`((${r} * windows).logsumexp(dim=-1) - torch.log(torch.tensor(${count}.0))) / ${r}`]
    default:
      return ['windows.square().mean(dim=-1).sqrt()']
  }
}

export function windowed(sample: Sample): Snippet {
  const { pooling } = sample
  if (isPadded(sample) || isDilated(sample) || pooling.ceil) return { code: null, notes: ['unfoldedPlain'] }
  const [[height, width], [down, right]] = [pooling.kernel, pooling.stride]
  const windows = `windows = x.unfold(2, ${height}, ${down}).unfold(3, ${width}, ${right}).flatten(-2)`
  if (pooling.op === 'stochastic')
    return {
      code: [`${windows}.relu()`, ...picks(pooling)].join('\n'),
      notes: ['unfolded', 'seededPicks', 'picksOfFinite'],
    }
  const [code, note] = reduction(pooling)
  return {
    code: `${windows}\ny = ${code}`,
    notes: ['unfolded', ...(note === undefined ? [] : [note])],
  }
}

/** The first element up to which a window adds up to more than the sample's part of its sum; 0 where none is above 0. */
function picks({ kernel, seed }: Pooling): string[] {
  return [
    'parts = windows.double().cumsum(dim=-1)',
    `torch.manual_seed(${seed})`,
    'samples = torch.rand(windows.shape[:-1]).unsqueeze(-1)',
    'picks = (parts <= samples * parts[..., -1:]).sum(dim=-1, keepdim=True)',
    `y = windows.gather(-1, picks.clamp(max=${kernel[0] * kernel[1] - 1})).squeeze(-1)`,
  ]
}

const padModes = {
  reflect: 'reflect',
  replicate: 'replicate',
  zero: 'constant',
  circular: 'circular',
} as const

export function blurred({ pooling, shape }: Sample): Snippet {
  const { op, kernel, filter, stride, padMode } = pooling
  const pads = ([1, 0] as const).flatMap((axis) => {
    const before = Math.floor((filter[axis] - 1) / 2)
    return [before, filter[axis] - 1 - before]
  })
  const source = op === 'max-blur' ? 'maxima' : 'x'
  const maxima = op === 'max-blur' ? [`maxima = F.max_pool2d(x, ${size(kernel)}, stride=1)`] : []
  return {
    code: [
      ...maxima,
      `weights = torch.outer(torch.tensor(${binomial(filter, 0)}), torch.tensor(${binomial(filter, 1)}))`,
      `weights = (weights / weights.sum()).expand(${shape[1]}, 1, -1, -1)`,
      `padded = F.pad(${source}, (${pads.join(', ')}), mode="${padModes[padMode]}")`,
      `y = F.conv2d(padded, weights, stride=${both(stride, '(', ')')}, groups=${shape[1]})`,
    ].join('\n'),
    notes: ['blurByHand'],
  }
}

function binomial(filter: Pair, axis: 0 | 1): string {
  let row = [1]
  for (let n = 1; n < filter[axis]; n++) row = [1, ...row.slice(1).map((value, i) => value + row[i]!), 1]
  return `[${row.map((value) => `${value}.0`).join(', ')}]`
}
