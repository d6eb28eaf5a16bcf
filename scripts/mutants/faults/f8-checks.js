/**
 * @file F8: checks in one layout, dtype, pass or kernel only, or too late.
 */
export const checks = {
  title: 'checks of one layout, dtype or pass only, or too late',
  tests: ['test/ops/bad-inputs'],
  mutants: [
    {
      name: 'inputs with channels last may be empty',
      file: 'src/ops/call.ts',
      find: '  assertNotEmpty(op, axes)\n',
      replace: "  if (axes.layout === 'NCHW') assertNotEmpty(op, axes)\n",
    },
    {
      name: 'indices in float64 are not checked',
      file: 'src/ops/reduce/indices.ts',
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
      name: 'gradients accept unknown options',
      file: 'src/ops/call.ts',
      find: '    const own = readOptions(op, options, names)\n',
      replace: "    const own = op.endsWith('Backward') ? options : readOptions(op, options, names)\n",
    },
    {
      name: 'an unpooling zeroes its output before it checks indices',
      file: 'src/ops/reduce/unpool.ts',
      find: '  const places = readIndices(call, indices)\n  const y = zeroedTensor(op, x, shape, given.out, [x, { data: places }])\n',
      replace:
        '  const y = zeroedTensor(op, x, shape, given.out, [x])\n  const places = readIndices(call, indices)\n',
    },
    {
      name: 'an output may overlap a gradient',
      file: 'src/ops/reduce/average.ts',
      find: 'const dx = outputTensor(op, x, x.shape, given.out, [x, gradient])',
      replace: 'const dx = outputTensor(op, x, x.shape, given.out, [x])',
    },
    {
      name: 'norms of integers are accepted',
      file: 'src/ops/reduce/lp.ts',
      find: "  assertFloat(op, 'x', x.dtype, 'norms are of')\n  const y = ",
      replace: '  const y = ',
      tests: ['test/ops/dtypes.test.ts'],
    },
    {
      name: 'a PNG without its end is accepted',
      file: 'src/adapters/image/pages.ts',
      find: '      if (!isWhole) throw damaged(',
      replace: '      if (frames < 0) throw damaged(',
      tests: ['test/cli/rasters.test.ts'],
    },
    {
      name: 'damaged tiles of a TIFF are accepted',
      file: 'src/adapters/image/pages.ts',
      find: "failOn: 'warning', ignoreIcc: !plan.convert",
      replace: "failOn: 'error', ignoreIcc: !plan.convert",
      tests: ['test/adapters/image/tiff.test.ts'],
    },
    {
      name: 'unusual tags make a TIFF count as damaged',
      file: 'src/adapters/image/tiff-page.ts',
      find: '  return decodingTags.has(tag)\n',
      replace: '  return true\n',
      tests: ['test/adapters/image/tiff.test.ts'],
    },
    {
      name: 'reduced copies count as pages',
      file: 'src/adapters/image/tiff-notes.ts',
      find: '(reduced | mask)) === 0',
      replace: 'mask) === 0',
      tests: ['test/adapters/image/tiff.test.ts'],
    },
    {
      name: 'a zip directory may end anywhere',
      file: 'src/adapters/npy/zip-directory.ts',
      find: '  if (at === end) return members\n',
      replace: '  if (at <= end) return members\n',
      tests: ['test/adapters/npy/npz.test.ts'],
    },
    {
      name: 'names that leave the folder are written',
      file: 'src/adapters/npy/format-npz.ts',
      find: '  for (const name of names) assertInside(op, name)\n',
      replace: '',
      tests: ['test/adapters/npy/npz.test.ts'],
    },
    {
      name: 'bytes in shared memory are refused',
      file: 'src/adapters/bytes.ts',
      find: "kind === 'ArrayBuffer' || kind === 'SharedArrayBuffer'",
      replace: "kind === 'ArrayBuffer'",
      tests: ['test/adapters/npy/bytes.test.ts'],
    },
    {
      name: 'a member without numbers fails its archive',
      file: 'src/cli/commands/pool-file.ts',
      find: '      if (!isMember) throw error\n',
      replace: '      if (isMember || !isMember) throw error\n',
      tests: ['test/cli/arrays.test.ts'],
    },
    {
      name: 'ImageData is pooled with its channels first',
      file: 'src/ops/geometry/tensor-axes.ts',
      find: "if (!isPixels || layout === 'NHWC') return",
      replace: 'if (!isPixels || layout.length > 0) return',
      tests: ['test/tensor/forms.test.ts'],
    },
    {
      name: 'averages of truth values are truncated instead of refused',
      file: 'src/ops/call.ts',
      find: 'if (input.isBoolean) assertTruths(',
      replace: 'if (input.isBoolean && keepsBooleans) assertTruths(',
      tests: ['test/ops/booleans.test.ts'],
    },
  ],
}
