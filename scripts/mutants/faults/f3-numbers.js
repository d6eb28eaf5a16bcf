/**
 * @file F3: zero, negative and huge numbers that divide, overflow or wrap.
 */
export const numbers = {
  title: 'zero, negative and huge numbers',
  tests: ['test/ops/bad-inputs'],
  mutants: [
    {
      name: 'a stride of 0 passes',
      file: 'src/ops/sliding.ts',
      find: `parsePerAxis(op, 'stride', options.stride ?? window, rank, 1)`,
      replace: `parsePerAxis(op, 'stride', options.stride ?? window, rank, 0)`,
    },
    {
      name: 'a window of 0 passes',
      file: 'src/ops/sliding.ts',
      find: `parsePerAxis(op, 'kernelSize', options.kernelSize, rank, 1)`,
      replace: `parsePerAxis(op, 'kernelSize', options.kernelSize, rank, 0)`,
    },
    {
      name: 'negative dilations pass',
      file: 'src/ops/sliding.ts',
      find: `parsePerAxis(op, 'dilation', options.dilation ?? 1, rank, 1)`,
      replace: `parsePerAxis(op, 'dilation', options.dilation ?? 1, rank, -1000)`,
    },
    {
      name: 'windows past 2^31 pass',
      file: 'src/ops/parse.ts',
      find: ' && (value as number) <= largest)',
      replace: ')',
    },
    {
      name: 'fractions pass as sizes',
      file: 'src/ops/parse.ts',
      find: '  if (Number.isInteger(value) && ',
      replace: `  if (typeof value === 'number' && `,
    },
    {
      name: 'a divisor of 0 passes',
      file: 'src/ops/average.ts',
      find: 'Number.isSafeInteger(value) && value !== 0',
      replace: 'Number.isSafeInteger(value)',
    },
    {
      name: 'the size of a file wraps at 32 bits',
      file: 'src/adapters/npy/header.ts',
      find: 'shape.reduce((product, dim) => product * dim, BigInt(itemSize))',
      replace: 'BigInt.asUintN(32, shape.reduce((product, dim) => product * dim, BigInt(itemSize)))',
      tests: ['test/adapters/npy'],
    },
  ],
}
