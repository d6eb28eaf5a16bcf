/**
 * @file F9: repairs of one rank, reducer, build or kind of window that leave its siblings broken.
 */
export const siblings = {
  title: 'repairs that miss a sibling',
  tests: ['test/ops/shapes', 'test/kernels/kernels.test.ts'],
  mutants: [
    {
      name: 'minima of integers begin like maxima',
      file: 'src/reducers/selection.ts',
      find: 'Number.POSITIVE_INFINITY : integerRange(dtype)[1]',
      replace: 'Number.POSITIVE_INFINITY : integerRange(dtype)[0]',
      tests: ['test/ops/dtypes.test.ts', 'test/ops/golden.test.ts'],
    },
    {
      name: 'of uneven windows, the transpose keeps one output too many',
      file: 'src/plan/transpose.ts',
      find: 'plan.first[begin]! + plan.taps[begin]! <= p) begin++',
      replace: 'plan.first[begin]! + plan.taps[begin]! < p) begin++',
      tests: ['test/plan', 'test/ops/gradients.test.ts'],
    },
    {
      name: 'along rows alone, a sum over a whole block counts it twice',
      file: 'src/kernels/wasm/assembly/glide-rows.ts',
      find: '\n    store64(at, none, none, none, none)\n',
      replace: '\n',
      tests: ['test/kernels/kernels.test.ts'],
    },
    {
      name: 'unsigned numbers compare as signed in the scalar twin',
      file: 'src/kernels/wasm/assembly/lanes.ts',
      find: 'return <T>(load<T>(at) ^ flip)',
      replace: 'return load<T>(at)',
      tests: ['test/kernels/kernels.test.ts'],
    },
    {
      name: 'windows without columns get an index',
      file: 'src/kernels/wasm/assembly/locate.ts',
      find: 'const isEmpty = rowFrom == rowTo || colFrom == colTo',
      replace: 'const isEmpty = rowFrom == rowTo',
      tests: ['test/ops/legal-inputs'],
    },
    {
      name: 'planes draw their fractional windows as volumes do',
      file: 'src/ops/fractional.ts',
      find: 'rank === 2 ? 1 - axis : axis',
      replace: 'axis',
      tests: ['test/ops/golden.test.ts'],
    },
    {
      name: 'means over 2 x 2 are divided by 4 whatever was asked for',
      file: 'src/kernels/wasm/special.ts',
      find: "  if (typeof division === 'number') return division\n",
      replace: '',
      tests: ['test/kernels/kernels.test.ts'],
    },
    {
      name: 'the same padding puts its odd element first',
      file: 'src/plan/padding.ts',
      find: "padding === 'same-upper' ? [half, total - half] : [total - half, half]",
      replace: "padding === 'same-lower' ? [half, total - half] : [total - half, half]",
      tests: ['test/plan', 'test/ops/golden.test.ts'],
    },
  ],
}
