/**
 * @file The axes of the surface: operations with their passes, dtypes, layouts, geometries, and where the data lie.
 */
import { type DType, dtypes } from '../../src/tensor/dtype.ts'

export type Pass = 'forward' | 'backward' | 'backward with indices'
export type Place = 'cache' | 'memory'

export interface Operation {
  readonly id: string
  readonly families: { readonly sliding?: string; readonly adaptive?: string; readonly global?: string }
  readonly options: object
  readonly passes: readonly Pass[]
  /** The dtypes, if it is measured at few geometries only. */
  readonly sampled?: readonly DType[]
}

const extremum: readonly Pass[] = ['forward', 'backward', 'backward with indices']
const plain: readonly Pass[] = ['forward', 'backward']

function sampled(
  id: string,
  family: string,
  dtypes: readonly DType[],
  options = {},
  passes: readonly Pass[] = ['forward'],
): Operation {
  return { id, families: { sliding: family }, options, passes, sampled: dtypes }
}

function adaptive(id: string, family: string, options = {}): Operation {
  return { id, families: { adaptive: family }, options, passes: ['forward'], sampled: ['float32'] }
}

export const operations: readonly Operation[] = [
  {
    id: 'max',
    families: { sliding: 'maxPool', adaptive: 'adaptiveMaxPool', global: 'globalMaxPool' },
    options: {},
    passes: extremum,
  },
  { id: 'min', families: { sliding: 'minPool' }, options: {}, passes: extremum },
  {
    id: 'average',
    families: { sliding: 'avgPool', adaptive: 'adaptiveAvgPool', global: 'globalAvgPool' },
    options: {},
    passes: plain,
  },
  ...[1, 2, 3].map((normType) => ({
    id: `Lp ${normType}`,
    families: { sliding: 'lpPool', global: 'globalLpPool' },
    options: { normType },
    passes: plain,
  })),
  ...[
    sampled('masked max', 'maxPool', ['float32', 'uint8'], { fill: 0 }),
    sampled('masked average', 'avgPool', ['float32', 'uint8'], { fill: 0 }),
    sampled('sum', 'sumPool', ['float32', 'uint8'], {}, plain),
    sampled('rms', 'rmsPool', ['float32'], {}, plain),
    sampled('var', 'varPool', ['float32'], {}, plain),
    sampled('std', 'stdPool', ['float32'], {}, plain),
    sampled('gem', 'gemPool', ['float32'], {}, plain),
    sampled('soft', 'softPool', ['float32'], {}, plain),
    sampled('lse', 'lsePool', ['float32'], {}, plain),
    sampled('median', 'medianPool', ['float32', 'uint8', 'uint16'], {}, plain),
    sampled('quantile', 'quantilePool', ['float32', 'uint8'], { q: 0.75, interpolation: 'lower' }),
    sampled('quantile between', 'quantilePool', ['float32', 'uint8'], { q: 0.7 }, plain),
    sampled('mode', 'modePool', ['uint8', 'uint16', 'uint32', 'uint64']),
    sampled('blur', 'blurPool', ['float32']),
    sampled('max blur', 'maxBlurPool', ['float32']),
    sampled('stochastic', 'stochasticPool', ['float32']),
  ],
  ...[
    adaptive('area', 'areaPool'),
    adaptive('roi max', 'roiPool'),
    adaptive('roi align', 'roiAlign'),
    adaptive('ps roi mean', 'psRoiPool'),
    adaptive('ps roi align', 'psRoiAlign'),
    adaptive('spatial pyramid', 'spatialPyramidPool', { levels: [1, 2, 3, 6] }),
  ],
]

export interface Layout {
  readonly id: string
  /** The number of interleaved channels; undefined for channels first. */
  readonly interleaved: number | null
}

export const layouts: readonly Layout[] = [
  { id: 'NCHW', interleaved: null },
  ...[1, 2, 3, 4, 16, 64].map((interleaved) => ({ id: `NHWC ${interleaved}`, interleaved })),
]

export interface Geometry {
  readonly id: string
  readonly kind: keyof Operation['families']
  /** The numbers of dimensions in which it is measured. */
  readonly ranks: readonly number[]
  readonly window: number
  readonly options: object
  readonly odd?: boolean
}

function sliding(id: string, ranks: readonly number[], window: number, stride: number, rest = {}): Geometry {
  return { id, kind: 'sliding', ranks, window, options: { kernelSize: window, stride, ...rest } }
}

export const geometries: readonly Geometry[] = [
  sliding('2 s2', [1, 2], 2, 2),
  sliding('2x2x2', [3], 2, 2),
  sliding('3 s2 p1', [1, 2, 3], 3, 2, { padding: 1 }),
  sliding('3 s1 p1', [1, 2, 3], 3, 1, { padding: 1 }),
  sliding('4 s4', [1, 2], 4, 4),
  sliding('7 s1', [1, 2], 7, 1),
  sliding('31 s1', [1, 2], 31, 1),
  { id: 'adaptive 7', kind: 'adaptive', ranks: [1, 2, 3], window: 7, options: { outputSize: 7 } },
  { id: 'global', kind: 'global', ranks: [2], window: 1, options: {} },
  { ...sliding('odd sizes', [1, 2], 2, 2), odd: true },
  sliding('dilation 2', [1, 2], 3, 1, { dilation: 2 }),
]

/** Every dtype, and those of gradients and norms. */
export const dtypeNames = Object.keys(dtypes) as DType[]

export function dtypesOf({ id, sampled }: Operation, pass: Pass): readonly DType[] {
  if (sampled !== undefined) return sampled
  const floats = pass !== 'forward' || id.startsWith('Lp')
  return dtypeNames.filter((dtype) => !floats || dtypes[dtype].float)
}
