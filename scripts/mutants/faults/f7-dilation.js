/**
 * @file F7: dilation over padding: the first tap outside, the next one inside.
 */
export const dilation = {
  title: 'dilated windows that begin in the padding',
  tests: ['test/ops/legal-inputs', 'test/plan'],
  mutants: [
    {
      name: 'the first tap may lie in the padding',
      file: 'src/plan/axis.ts',
      find: '(start < 0 ? Math.ceil(-start / dilation) : 0)',
      replace: '(start < 0 ? Math.floor(-start / dilation) : 0)',
    },
    {
      name: 'the first tap is the first element',
      file: 'src/plan/axis.ts',
      find: '(taps(i) === 0 ? 0 : startOf(i) + skipped(startOf(i)) * dilation)',
      replace: 'Math.max(0, startOf(i))',
    },
    {
      name: 'the last tap inside the input is left out',
      file: 'src/plan/axis.ts',
      find: 'Math.max(0, Math.ceil((limit - start) / dilation))',
      replace: 'Math.max(0, Math.floor((limit - start) / dilation))',
    },
    {
      name: 'the effective window forgets the dilation',
      file: 'src/plan/padding.ts',
      find: 'return (window - 1) * dilation + 1',
      replace: 'return window',
    },
    {
      name: 'outputs that share an input are one dilation apart',
      file: 'src/plan/transpose.ts',
      find: 'const step = dilation / common',
      replace: 'const step = dilation',
    },
  ],
}
