/**
 * @file The exports of the WebAssembly modules: every kernel, with its reducers and element types.
 */
const floats = ['F32', 'F64']
/** Of integers there are maxima only: the host turns minima and unsigned numbers into those. */
const extrema = { Max: [...floats, 'I8', 'I16', 'I32', 'I64'], Min: floats }
/** Only vectors lose NaN, so the scalar build does not need these. */
const nanSafe = { NanSafeMax: floats, NanSafeMin: floats }
const args = { Max: [...floats, 'I32', 'I64'], Min: floats }
/** Elements that are moved only, known by their size. */
const sizes = ['U8', 'U16', 'U32', 'U64']

const reducers = {
  Max: 'Max',
  Min: 'Min',
  NanSafeMax: 'NanSafe<Max>',
  NanSafeMin: 'NanSafe<Min>',
  Sum: 'Sum',
}

/**
 * Kernels with type arguments. `vanHerkMaxF32` is `vanHerk<f32, Max>`, `transposeU8` is `transpose<u8>`, `divideF32F64` is
 * `divide<f32, f64>`. All take the address of their parameters; those that `probe` say whether a NaN may be lost. Those that need
 * vectors are in the SIMD build alone.
 */
const kernels = [
  { name: 'fold', file: 'fold', of: { ...extrema, ...nanSafe, Sum: floats }, probe: true },
  { name: 'argFold', file: 'arg-fold', of: args },
  {
    name: 'argSteps',
    file: 'arg-steps',
    of: { Max: [...floats, 'I16'], Min: floats },
    probe: true,
    simd: true,
  },
  { name: 'argAlongAxis', file: 'arg-along-axis', of: args },
  { name: 'vanHerk', file: 'van-herk', of: { ...extrema, ...nanSafe, Sum: floats }, probe: true },
  {
    name: 'vanHerkRows',
    file: 'van-herk-rows',
    of: { Max: ['F32', 'I32'], Min: ['F32'], NanSafeMax: ['F32'], NanSafeMin: ['F32'], Sum: floats },
    probe: true,
    simd: true,
  },
  { name: 'pool2x2s2', file: 'pool2x2s2', of: { ...extrema, Sum: floats }, probe: true },
  { name: 'argPool2x2s2', file: 'pool2x2s2', of: { Max: ['F32'], Min: ['F32'] }, probe: true },
  {
    name: 'pool3x3',
    file: 'pool3x3',
    of: { Max: ['F32', 'I8', 'I16', 'I32'], Min: ['F32'] },
    probe: true,
    simd: true,
  },
  { name: 'average3x3', file: 'average3x3', of: ['F32'], simd: true },
  {
    name: 'globalPool',
    file: 'global-pool',
    of: { Max: ['F32'], Min: ['F32'], Sum: ['F32'] },
    probe: true,
    simd: true,
  },
  {
    name: 'downAcross',
    file: 'down-across',
    of: {
      Sum: [
        'U8U8',
        'U8U16',
        'I8I16',
        'U8U32',
        'I8I32',
        'U16U32',
        'I16I32',
        'I32F64',
        'U32F64',
        'F32F64',
        'F64F64',
        'F32F32',
      ],
      Max: ['I8I8', 'I16I16', 'I32I32'],
    },
    probe: true,
    simd: true,
  },
  { name: 'shareNorms', file: 'norms', of: ['F32F64', 'F64F64', 'F32F32'], probe: true, simd: true },
  { name: 'sendNorms', file: 'norms', of: floats, probe: true, simd: true },
  { name: 'slopeNorms', file: 'norms', of: floats, probe: true, simd: true },
  { name: 'spreadNorms', file: 'spread', of: ['F32F64', 'F64F64', 'F32F32'], probe: true, simd: true },
  { name: 'spread', file: 'spread', of: [...floats, 'I16'], simd: true },
  { name: 'powerNorms', file: 'norms', of: floats, simd: true },
  { name: 'rootNorms', file: 'norms', of: floats, simd: true },
  { name: 'pixels2x2s2', file: 'pixels2x2s2', of: ['I8', 'I16'], simd: true },
  { name: 'mean2x2s2', file: 'mean2x2s2', of: ['I8', 'U8', 'I16', 'U16'], simd: true },
  { name: 'countedMean2x2s2', file: 'counted-means2x2', of: ['F32', 'I8', 'U8', 'I16', 'U16'], simd: true },
  {
    name: 'keptPool2x2s2',
    file: 'kept-maxima2x2',
    of: { Max: ['F32', 'I8', 'I16', 'I32'], Min: ['F32'] },
    probe: true,
    simd: true,
  },
  { name: 'longMean', file: 'long-means', of: ['I64', 'U64'] },
  { name: 'averageGrad2x2s2', file: 'pool2x2s2-grad', of: floats },
  { name: 'scatter', file: 'scatter', of: ['F32I32', 'F64I32', 'F32U16'] },
  { name: 'sumRuns', file: 'wide-sums', of: floats },
  { name: 'divide', file: 'wide-sums', of: ['F32F64', 'F64F32', 'F64F64'] },
  { name: 'divideEach', file: 'epilogue', of: floats },
  { name: 'keep', file: 'keep', of: sizes },
  { name: 'keepOthers', file: 'keep', of: [...floats, 'I8', 'I16', 'I32', 'I64'] },
  { name: 'mark', file: 'mark', of: [...floats, 'I8', 'I16', 'I32', 'I64'] },
  { name: 'countDivisors', file: 'count-divisors', of: floats },
  { name: 'deinterleave', file: 'deinterleave', of: sizes },
  { name: 'interleave', file: 'interleave', of: ['U32', 'U64'] },
  { name: 'transpose', file: 'transpose', of: sizes },
]

/** Functions without type arguments. */
const plain = {
  compensated: ['divideCompensated', 'sumRunsCompensated', 'vanHerkCompensated'],
  expand: ['expand'],
  indices: ['indicesWithin'],
  module: ['heapBase', 'isSimd', 'prefetch'],
  'pool2x2s2-grad': ['scatter2x2s2'],
  powers: ['raise', 'weigh'],
  'spread-bytes': ['spreadBytes'],
  'wide-sums': ['demote', 'promote'],
}
const plainSimd = {
  'count-marks': ['areBits', 'leastByte', 'positionsBelow'],
  half: ['narrowBF16', 'narrowF16', 'widenBF16', 'widenF16'],
  'half-keys': ['halfKeys'],
  'half-norms': ['halfPowers', 'halfSharesOf', 'halfSlopes', 'hasWild', 'storeHalfNorms'],
  scatter: ['scatterBits'],
  'van-herk-rows': ['vanHerkRowsWide'],
}

/** What the first call of most programs needs: maxima, minima and averages of float32 and bytes. */
const common = new RegExp(
  `^(?!vanHerk(Rows)?Sum)(${[
    'heapBase|isSimd|prefetch',
    '(fold|vanHerk|vanHerkRows|pool2x2s2|pool3x3|globalPool)(Max|Min|Sum)(F32|I8)',
    '(average3x3|divideEach)F32',
    'downAcrossSumU8U(8|16)',
    'mean2x2s2U8',
    'pixels2x2s2I8',
    '(deinterleave|transpose)U(8|32)',
  ].join('|')})$`,
)

/** Parts of the SIMD build, by the names of the kernels they have. */
export const parts = {
  common: (name) => common.test(name),
  rare: (name) => !common.test(name),
}

/** The AssemblyScript of a build's entry, with the kernels that `has` accepts. */
export function exportsOf({ simd, has = () => true }) {
  const built = kernels.filter((kernel) => simd || !kernel.simd)
  const functions = Object.entries({ ...plain, ...(simd ? plainSimd : {}) })
  const instances = built
    .flatMap(instancesOf)
    .filter(({ name }) => simd || !/NanSafe|vanHerkSumF32/.test(name))
  return [
    "import { Max, Min, NanSafe, Sum } from './reducers'",
    ...built.map(({ name, file }) => `import { ${name} } from './${file}'`),
    ...functions.flatMap(([file, names]) =>
      names.filter(has).map((name) => `export { ${name} } from './${file}'`),
    ),
    ...instances.filter(({ name }) => has(name)).map(({ text }) => text),
  ].join('\n')
}

function instancesOf({ name, of, probe }) {
  const named = Array.isArray(of) ? { '': of } : of
  return Object.entries(named).flatMap(([reducer, types]) =>
    types.map((type) => {
      const elements = type.toLowerCase().match(/[a-z]\d+/g)
      const call = `${name}<${[...elements, ...(reducer ? [reducers[reducer]] : [])].join(', ')}>(block)`
      const body = probe ? `bool { return ${call} }` : `void { ${call} }`
      const full = `${name}${reducer}${type}`
      return { name: full, text: `export function ${full}(block: usize): ${body}` }
    }),
  )
}
