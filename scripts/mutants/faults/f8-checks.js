/**
 * @file F8: what is checked in one layout, dtype, pass or kernel only, or too late.
 */
export const checks = {
  title: 'checks of one layout, dtype or pass only, or too late',
  tests: ['test/ops/bad-inputs'],
  mutants: [
    {
      name: 'channels last may have no elements',
      file: 'src/ops/call.ts',
      find: '  assertNotEmpty(op, frame)\n',
      replace: "  if (frame.layout === 'NCHW') assertNotEmpty(op, frame)\n",
    },
    {
      name: 'indices in float64 are not checked',
      file: 'src/ops/indices.ts',
      find: 'for (let at = 0; at < data.length; at++) {',
      replace: "for (let at = 0; at < data.length && dtype !== 'float64'; at++) {",
    },
    {
      name: 'gradients may have another dtype',
      file: 'src/ops/call.ts',
      find: "  assertSameDType(op, 'dy', gradient, x)\n",
      replace: '',
    },
    {
      name: 'gradients take options that they do not know',
      file: 'src/ops/call.ts',
      find: '    const own = readOptions(op, options, known)\n',
      replace: "    const own = op.endsWith('Backward') ? options : readOptions(op, options, known)\n",
    },
    {
      name: 'an unpooling zeroes its output before it checks indices',
      file: 'src/ops/max-unpool.ts',
      find: '    const places = readIndices(op, indices, frame, sizes)\n    const y = zeroedTensor(op, input, shape, out, [input, { data: places }])\n',
      replace:
        '    const y = zeroedTensor(op, input, shape, out, [input])\n    const places = readIndices(op, indices, frame, sizes)\n',
    },
    {
      name: 'an output may overlap a gradient',
      file: 'src/ops/average.ts',
      find: 'const dx = outputTensor(name, input, input.shape, called.given.out, [input, gradient])',
      replace: 'const dx = outputTensor(name, input, input.shape, called.given.out, [input])',
    },
    {
      name: 'norms of integers pass',
      file: 'src/ops/lp.ts',
      find: "    assertFloat(called.op, 'x', called.x, 'norms are of')\n",
      replace: '',
      tests: ['test/ops/dtypes.test.ts'],
    },
  ],
}
