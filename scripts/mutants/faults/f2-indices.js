/**
 * @file F2: the values of indices are not bounded, or are narrowed before they are.
 */
export const indices = {
  title: 'index values that are not bounded',
  tests: ['test/ops/bad-inputs'],
  mutants: [
    {
      name: 'indices are narrowed to 32 bits before they are bounded',
      file: 'src/ops/reduce/indices.ts',
      find: '    const index = data[at]!\n',
      replace: '    const index = Number(BigInt.asIntN(32, BigInt(Math.trunc(Number(data[at]!) || 0))))\n',
    },
    {
      name: 'negative indices pass',
      file: 'src/ops/reduce/indices.ts',
      find: 'whole && index >= 0 && index < planeSize',
      replace: 'whole && index < planeSize',
    },
    {
      name: 'an index one past its plane passes',
      file: 'src/ops/reduce/indices.ts',
      find: 'whole && index >= 0 && index < planeSize',
      replace: 'whole && index >= 0 && index <= planeSize',
    },
    {
      name: 'indices are bounded by the tensor, not by their plane',
      file: 'src/ops/reduce/unpool.ts',
      find: 'planeSize: sizeOf(sizes),',
      replace: 'planeSize: sizeOf(sizes) * axes.outer * axes.inner,',
    },
    {
      name: 'fractions pass as indices',
      file: 'src/ops/reduce/indices.ts',
      find: `typeof index === 'bigint' || Number.isInteger(index)`,
      replace: `typeof index === 'bigint' || index === index`,
    },
    {
      name: 'an index of -1 passes for every window',
      file: 'src/ops/reduce/indices.ts',
      find: 'if (Number(index) === -1 && rules.mayBeEmpty(at)) continue',
      replace: 'if (Number(index) === -1) continue',
    },
  ],
}
